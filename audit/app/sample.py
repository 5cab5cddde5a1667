"""Fewer items, chosen fairly: whole clusters, in proportion to what they hold, by a seeded draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from audit.core.item import Item

if TYPE_CHECKING:
    import numpy as np


def sample_items(items: Sequence[Item], n: int, rng: np.random.Generator) -> tuple[Item, ...]:
    """At most `n` items, in their order. Clusters stay whole and are dealt out in turn over the strata
    (the tags that all items of a cluster share); a last cluster that does not fit whole is cut."""
    if n >= len(items):
        return tuple(items)
    clusters: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        clusters[item.cluster].append(item)
    strata: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    for name, members in clusters.items():
        strata[_shared(members)].append(name)
    queues = [[names[i] for i in rng.permutation(len(names))] for _, names in sorted(strata.items())]
    queues = [queues[i] for i in rng.permutation(len(queues))]  # equal claims are settled by chance, not by name
    chosen: set[str] = set()
    for name in _in_proportion(queues):
        chosen |= {item.id for item in clusters[name][: n - len(chosen)]}
        if len(chosen) >= n:
            break
    return tuple(item for item in items if item.id in chosen)


def _shared(members: Sequence[Item]) -> tuple[tuple[str, str], ...]:
    common = set(members[0].tags.items())
    for item in members[1:]:
        common &= set(item.tags.items())
    return tuple(sorted(common))


def _in_proportion(queues: list[list[str]]) -> list[str]:
    """All entries of all queues so that every prefix holds each queue in proportion to its length."""
    placed = [((i + 0.5) / len(queue), q, name) for q, queue in enumerate(queues) for i, name in enumerate(queue)]
    return [name for _, _, name in sorted(placed)]


def fit_calls(calls: Mapping[str, float], items: Mapping[str, int], most: int) -> dict[str, int]:
    """How many items of each probe keep the calls below `most`: the same share of every probe.

    `calls` are the calls per probe with all its `items` (over all models and conditions)."""
    total = sum(calls.values())
    keep = 1.0 if total <= most else most / total
    return {probe: int(n * keep) for probe, n in items.items()}
