"""Derived observations: both images of a pair together, and one question in both orders of its options.

The letters given are put side by side in `given`, "?" where none could be read: "AB" for a pair whose first image
was answered A and the second B. The outcome is `correct` where all parts are, `wrong` where any part was read and is
wrong (however the rest would be read), else that of the first part that could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from audit.core.item import CLEAN
from audit.core.observation import Observation, Outcome
from probes.mediconfusion.rows import GREEDY, GREEDY_SWAPPED, SIDES, SWAPPED

BOTH_ORDERS = "both_orders"
ORDERS: Mapping[str, tuple[str, str]] = {
    BOTH_ORDERS: (CLEAN, SWAPPED),
    f"greedy+{BOTH_ORDERS}": (GREEDY, GREEDY_SWAPPED),
}
UNREAD = "?"


def derive(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """Observations of pairs (item: the pair's id) under each condition, and of questions and pairs in both orders."""
    ordered = tuple(_both_orders(observations))
    return (*ordered, *_pairs((*observations, *ordered)))


def is_pair(observation: Observation) -> bool:
    """Whether an observation is about a pair rather than about one of its images."""
    return "side" not in observation.tags


def _both_orders(observations: Sequence[Observation]) -> Iterator[Observation]:
    seen = {(_key(row), row.item, row.condition): row for row in observations}
    for condition, (published, swapped) in ORDERS.items():
        for (key, item, there), first in seen.items():
            second = seen.get((key, item, swapped))
            if there == published and first.scoring == "strict" and second is not None:
                yield _joined((first, second), item, condition, first.tags)


def _pairs(observations: Sequence[Observation]) -> Iterator[Observation]:
    halves: dict[tuple[object, ...], dict[str, Observation]] = {}
    for row in observations:
        halves.setdefault((_key(row), row.condition, row.tags["pair"]), {})[row.tags["side"]] = row
    for found in halves.values():
        if len(found) == len(SIDES):
            first, second = (found[side] for side in SIDES)
            shared = {k: v for k, v in first.tags.items() if k not in ("side", "categories")}
            each = {f"categories_{n}": row.tags["categories"] for n, row in enumerate((first, second), 1)}
            yield _joined((first, second), first.tags["pair"], first.condition, {**shared, **each})


def _key(row: Observation) -> tuple[object, ...]:
    return row.model, row.scoring, row.sample


def _joined(parts: tuple[Observation, ...], item: str, condition: str, tags: Mapping[str, str]) -> Observation:
    outcome = _outcome(part.outcome for part in parts)
    given = "".join(part.given or UNREAD * len(part.target) for part in parts)
    return replace(
        parts[0],
        item=item,
        condition=condition,
        outcome=outcome,
        value=None if outcome == "error" else float(outcome == "correct"),
        given=given,
        target="".join(part.target for part in parts),
        tags=tags,
    )


def _outcome(outcomes: Iterable[Outcome]) -> Outcome:
    found = list(outcomes)
    if "error" in found:
        return "error"
    if "wrong" in found:
        return "wrong"
    return next((outcome for outcome in found if outcome != "correct"), "correct")
