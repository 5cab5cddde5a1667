"""Free-form answers: what a judge model is asked about them, and what its reply comes to."""

from __future__ import annotations

import re

from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.query import Decoding, Query, ask
from probes.mediconfusion.prompts import judge_prompt
from probes.parsing.markup import plain

FREE_FORM = "free_form"
AHEAD = 3
_RATING = re.compile(
    r"^\W{0,5}(?:answer |option )?(?P<letter>[AB])\W{1,5}(?P<number>10|[0-9])(?!\d)", re.MULTILINE | re.I
)


def is_free_form(request: Request) -> bool:
    """Whether a request was answered in free text: its condition says so, under any control."""
    return request.condition.partition("+")[0] == FREE_FORM


def opinion_query(request: Request, answer: Answer) -> Query:
    """The question to the judge model, without any image: it rates words."""
    question = request.query.text.partition("\n")[2]
    return Query(ask(judge_prompt(question, request.query, answer.text)), decoding=Decoding(max_new_tokens=128))


def read_opinion(opinion: str) -> str | None:
    """The option that a judge's reply credits: A where it is at least 3 points ahead of B, B the other way round.

    None where neither is ahead, or where the reply holds no two ratings (no reply counts as 0 and 0).
    """
    found: dict[str, int] = {}
    for match in _RATING.finditer(plain(opinion)):
        found.setdefault(match["letter"].upper(), int(match["number"]))
    ahead = found.get("A", 0) - found.get("B", 0)
    if len(found) < 2 or abs(ahead) < AHEAD:
        return None
    return "A" if ahead > 0 else "B"
