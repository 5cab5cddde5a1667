"""Open answers: what a judge model is asked about them, and what its reply comes to."""

from __future__ import annotations

import re

from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.query import Decoding, Query, ask
from probes.parsing.markup import plain
from probes.shifts.prompts import judge_prompt
from probes.shifts.words import matches

_RATING = re.compile(r"(?:\brating\b|\bscore\b)?\W{0,5}(?<![\d.])(?P<number>\d)(?![\d.]*\d)", re.IGNORECASE)
_CUED = re.compile(r"\b(?:rating|score)\W{0,5}(?P<number>\d)(?![\d.]*\d)", re.IGNORECASE)
RIGHT = 0.75


def is_open(request: Request) -> bool:
    """Whether a request is answered in free words."""
    return request.item.tags["answer_type"] == "open"


def answers_of(request: Request) -> tuple[str, ...]:
    """All right answers of a request, in words."""
    return tuple(request.item.tags["answer"].split("|"))


def is_multilabel(request: Request) -> bool:
    """Whether all right answers are wanted."""
    return request.item.tags.get("multilabel") == "yes"


def settled(request: Request, answer: Answer) -> bool:
    """Whether no judge is needed: the answer is right word for word, or says nothing."""
    return not answer.text.strip() or matches(answer.text, answers_of(request), multilabel=is_multilabel(request))


def opinion_query(request: Request, answer: Answer) -> Query:
    """The question to the judge model, without any image: it compares words."""
    question = request.query.text.partition("\n")[0]
    right = ", ".join(answers_of(request)) if is_multilabel(request) else " or ".join(answers_of(request))
    text = judge_prompt(question, right, answer.text, multilabel=is_multilabel(request))
    return Query(ask(text), decoding=Decoding(max_new_tokens=16))


def read_opinion(opinion: str, *, multilabel: bool) -> float | None:
    """The value of a verdict, scaled to 0 to 1 (a 1 to 5 scale would never fall below a fifth); None where the reply
    names no rating of the scale, or several."""
    low, high = (0, 2) if multilabel else (1, 5)
    text = plain(opinion[:4000])
    for pattern in (_CUED, _RATING):
        found = {int(match["number"]) for match in pattern.finditer(text)}
        if len(found) == 1:
            number = found.pop()
            return (number - low) / (high - low) if low <= number <= high else None
    return None
