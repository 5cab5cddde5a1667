"""The constant control: what the best unvarying answer reaches, without looking and without reading the question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from audit.core.answer import Answer
from audit.core.item import Request


def constant_answers(requests: Sequence[Request]) -> tuple[Answer, ...]:
    """For each request the answer that is right most often among those of its condition, format and grid size.

    Ties go to the answer for "no outlier", then to the first in the alphabet. One answer per request, in order.
    """
    targets: dict[tuple[str, str, str], Counter[str]] = {}
    for request in requests:
        targets.setdefault(_kind(request), Counter())[request.item.target] += 1
    best = {kind: min(counts, key=lambda answer: _rank(answer, counts)) for kind, counts in targets.items()}
    return tuple(Answer(text=best[_kind(request)]) for request in requests)


def none_answer(request: Request) -> str:
    """What says "no outlier" in the format of a request: the letter of the none option, "none", or "no"."""
    return request.query.options[-1].label


def _kind(request: Request) -> tuple[str, str, str]:
    return request.condition, request.item.tags["format"], request.item.tags["grid"]


def _rank(answer: str, counts: Counter[str]) -> tuple[int, bool, str]:
    return -counts[answer], answer not in ("none", "no"), answer
