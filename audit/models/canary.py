"""Canaries: stored answers that are asked for again, to notice a server that changed behind its name."""

from __future__ import annotations

from collections.abc import Sequence

from audit.core.answer import Answer
from audit.core.query import Query


def choose(pairs: Sequence[tuple[Query, Answer]], k: int = 3) -> list[tuple[Query, Answer]]:
    """Up to `k` greedy queries with a good answer, the same ones every time (smallest digests first)."""
    fit = [(query, answer) for query, answer in pairs if query.decoding.temperature == 0 and answer.status == "ok"]
    return sorted(fit, key=lambda pair: pair[0].digest)[:k]


def changed(before: Sequence[Answer], after: Sequence[Answer]) -> str:
    """What differs, in words ("" for no change): answers to equal queries, in equal order.

    More than half must differ: one greedy answer may, since a server's batches move the last digits. For the same
    reason log-probabilities are compared by the option that they favour. Answers that did not come this time
    are not compared.
    """
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if new.status != "error"]
    differ = sum(_told(old) != _told(new) for old, new in pairs)
    if 2 * differ <= len(pairs):
        return ""
    return f"{differ} of {len(pairs)} answers that were asked for again came out differently"


def _told(answer: Answer) -> tuple[str, str]:
    return answer.status, answer.chosen or answer.text.strip()
