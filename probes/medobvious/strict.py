"""The strict scoring: answers are read against what was offered, and exactly one thing may be named."""

from __future__ import annotations

import string

from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.observation import Judgement, Outcome
from probes.medobvious.formats import grid_side
from probes.parsing.options import read_option
from probes.parsing.positions import named_positions, position_names, read_position
from probes.parsing.reading import Reading
from probes.parsing.yes_no import read_yes_no

ALSO_RIGHT = "also_right"


def judge_strict(request: Request, answer: Answer) -> Judgement:
    """The strict judgement: 1 where the one thing named is right, 0 otherwise, unread answers as outcomes of their own.

    A truncated answer that names exactly one thing is read: the published token limits cut off explanations, and the
    answer stands before them. One that names nothing, or several things, stays `truncated`. An answer that the model
    or its server refused is `refused` whatever its text says.
    """
    if answer.status == "refused":
        return Judgement("strict", "refused", 0.0)
    reading = read(request, answer)
    if reading.given is None:
        return Judgement("strict", _outcome(answer, reading), 0.0)
    item = request.item
    right = reading.given in (item.target, item.tags.get(ALSO_RIGHT))
    return Judgement("strict", "correct" if right else "wrong", float(right), reading.given)


def read(request: Request, answer: Answer) -> Reading:
    """What an answer names: a letter, a position or "none", yes or no. Blind to the target."""
    if answer.chosen is not None:
        return Reading(given=answer.chosen)
    kind, n = request.item.tags["format"], grid_side(request.item.tags["grid"])
    if kind == "visual_referring":
        return read_yes_no(answer.text)
    if kind.endswith("_open"):
        return read_position(answer.text, n)
    names = position_names(n)

    def letters_of_positions(text: str) -> list[str]:
        return [string.ascii_uppercase[names.index(name)] for name in named_positions(text, n)]

    return read_option(answer.text, request.query.options, letters_of_positions)


def _outcome(answer: Answer, reading: Reading) -> Outcome:
    if answer.status == "truncated":
        return "truncated"
    return "refused" if reading.problem == "refused" else "unparsed"
