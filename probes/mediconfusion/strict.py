"""The strict scoring: answers are read against the options, and what cannot be read stays in every denominator."""

from __future__ import annotations

from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.observation import Judgement, Outcome
from probes.mediconfusion.opinions import is_free_form, read_opinion
from probes.mediconfusion.scored import scored_letter
from probes.parsing.options import read_option
from probes.parsing.reading import Reading


def judge_strict(request: Request, answer: Answer) -> Judgement:
    """1 where the one option named is right, 0 otherwise, unread answers as outcomes of their own.

    A truncated answer that names one option is read. A free-form answer means what the judge model says, and what its
    own words say where no judge was asked. An answer that the model or its server refused is `refused`.
    """
    if answer.status == "refused":
        return Judgement("strict", "refused", 0.0)
    reading = read(request, answer)
    if reading.given is None:
        return Judgement("strict", _outcome(answer, reading), 0.0)
    right = reading.given == request.item.target
    return Judgement("strict", "correct" if right else "wrong", float(right), reading.given)


def read(request: Request, answer: Answer) -> Reading:
    """The option that an answer names, by its letter as shown. Blind to the target."""
    scored = scored_letter(request.query, answer)
    if scored is not None:
        return Reading(given=scored)
    own = read_option(answer.text, request.query.options)
    if not is_free_form(request) or answer.opinion is None:
        return own
    judged = read_opinion(answer.opinion)
    if judged is not None:
        return Reading(given=judged)
    return Reading(problem="refused" if own.problem == "refused" else "none_named")


def _outcome(answer: Answer, reading: Reading) -> Outcome:
    if answer.status == "truncated":
        return "truncated"
    return "refused" if reading.problem == "refused" else "unparsed"
