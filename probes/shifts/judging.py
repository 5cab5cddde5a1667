"""Two scorings of an answer: strict, and as SURE-VQA and its baselines score it."""

from __future__ import annotations

from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.observation import Judgement, Outcome
from probes.parsing.markup import letters
from probes.parsing.options import read_option
from probes.parsing.reading import Reading
from probes.parsing.refusal import is_refusal
from probes.parsing.yes_no import read_yes_no
from probes.shifts.opinions import RIGHT, answers_of, is_multilabel, is_open, read_opinion, settled
from probes.shifts.words import normalised, token_f1


def judge_strict(request: Request, answer: Answer) -> Judgement:
    """Closed: 1 where the one option named is right. Open: what the judge model says, where it was asked; else 1 for a
    right answer word by word. What cannot be read is 0 and an outcome of its own."""
    if answer.status == "refused":
        return Judgement("strict", "refused", 0.0)
    if is_open(request):
        return _open(request, answer)
    reading = read_closed(request, answer)
    if reading.given is None:
        return Judgement("strict", _unread(answer, refused=reading.problem == "refused"), 0.0)
    right = reading.given == request.item.target
    return Judgement("strict", "correct" if right else "wrong", float(right), reading.given)


def judge_published(request: Request, answer: Answer) -> Judgement:
    """Closed: whole words against the option set, several or none unparsed. Open: token F1."""
    if is_open(request):
        best = max(token_f1(answer.text, right) for right in (*answers_of(request), request.item.target))
        return Judgement("published", "correct" if best == 1 else "wrong", best, normalised(answer.text)[:200])
    found = whole_words(request, answer.text)
    if len(found) != 1:
        return Judgement("published", "unparsed", 0.0)
    (given,) = found
    right = given == request.item.target
    return Judgement("published", "correct" if right else "wrong", float(right), given)


def read_closed(request: Request, answer: Answer) -> Reading:
    """The option that an answer names, by letter or text. Blind to the target."""
    options = request.query.options
    chosen = answer.chosen
    if chosen is not None and request.query.how != "generate":
        return Reading(given=chosen)
    if {option.label for option in options} == {"yes", "no"}:
        reading = read_yes_no(answer.text)
        if reading.given is not None or reading.problem == "several_named":
            return reading
    return read_option(answer.text, options)


def whole_words(request: Request, text: str) -> set[str]:
    """Labels of the options whose label or text stands in `text` as whole words."""
    said = f" {letters(text[:20_000])} "
    return {
        option.label
        for option in request.query.options
        if any(f" {letters(name)} " in said for name in (option.label, option.text) if letters(name))
    }


def _open(request: Request, answer: Answer) -> Judgement:
    given = normalised(answer.text)[:200]
    if answer.text.strip() and settled(request, answer):
        return Judgement("strict", "correct", 1.0, given)
    if not given:
        return Judgement("strict", _unread(answer, refused=False), 0.0)
    if answer.opinion is not None:
        value = read_opinion(answer.opinion, multilabel=is_multilabel(request))
        if value is None:
            return Judgement("strict", "unparsed", 0.0)
        return Judgement("strict", "correct" if value >= RIGHT else "wrong", value, given)
    if answer.status == "truncated" or is_refusal(answer.text):
        return Judgement("strict", _unread(answer, refused=True), 0.0)
    return Judgement("strict", "wrong", 0.0, given)


def _unread(answer: Answer, *, refused: bool) -> Outcome:
    if answer.status == "truncated":
        return "truncated"
    return "refused" if refused else "unparsed"
