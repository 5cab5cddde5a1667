"""Prompts chosen for each model by itself: on one part of the patients, to be tested on the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.core.item import Item
from audit.core.observation import Observation

if TYPE_CHECKING:
    import numpy as np

PART, MOST = 0.2, 500
DEFAULT = 0
"""The number of the prompt that questions are asked with without tuning."""


@dataclass(frozen=True)
class Parts:
    """Clusters by which prompts are chosen, and those on which they are tested: none is in both."""

    validation: frozenset[str]
    test: frozenset[str]


def split(items: Sequence[Item], rng: np.random.Generator) -> Parts | None:
    """Whole clusters in an order drawn by chance: a fifth of the items for choosing (500 at most, as published), the
    rest for testing. None where there are fewer than two clusters."""
    sizes: dict[str, int] = {}
    for item in items:
        sizes[item.cluster] = sizes.get(item.cluster, 0) + 1
    if len(sizes) < 2:
        return None
    names = sorted(sizes)
    order = [names[place] for place in rng.permutation(len(names))]
    wanted, taken, count = min(MOST, PART * len(items)), 0, 0
    for name in order[:-1]:
        if count and taken + sizes[name] > wanted:
            break
        taken, count = taken + sizes[name], count + 1
    return Parts(frozenset(order[:count]), frozenset(order[count:]))


def best(rows: Mapping[int, Sequence[Observation]], validation: frozenset[str]) -> tuple[int, dict[int, float]]:
    """The prompt whose answers are right most often in the validation part, the first of equals, and all the shares.

    `rows` are strict observations of one model by the number of the prompt, the default first. Places where an answer
    under any prompt is missing count for none. Raises `ValueError` without a common place.
    """
    places = shared(rows, validation)
    if not places:
        raise ValueError("Expected answers to the validation part under every prompt.")
    shares = {
        number: sum(row.value or 0.0 for row in own if (row.item, row.sample) in places) / len(places)
        for number, own in rows.items()
    }
    return max(shares, key=shares.__getitem__), shares


def shared(rows: Mapping[int, Sequence[Observation]], clusters: frozenset[str]) -> frozenset[tuple[str, int]]:
    """The (item, sample) in these clusters that were answered under every prompt."""
    known = [
        {(row.item, row.sample) for row in own if row.cluster in clusters and row.value is not None}
        for own in rows.values()
    ]
    return frozenset(known[0].intersection(*known[1:])) if known else frozenset()
