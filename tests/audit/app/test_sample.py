"""Sampling: never more than asked for, whole clusters, strata in proportion, the same draw from the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audit.app.sample import fit_calls, sample_items
from audit.core.item import Item
from audit.core.query import Query, ask

QUERY = Query(ask("?"))


def items(sizes: list[int], tiers: int = 1) -> list[Item]:
    return [
        Item(f"{cluster}-{i}", f"c{cluster}", QUERY, "A", {"tier": f"v{cluster % tiers}", "n": str(i)})
        for cluster, size in enumerate(sizes)
        for i in range(size)
    ]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=20), st.integers(1, 60), st.integers(0, 5))
def test_at_most_n_and_at_most_one_cluster_is_cut(sizes: list[int], n: int, seed: int) -> None:
    everything = items(sizes)
    kept = sample_items(everything, n, np.random.default_rng(seed))
    assert len(kept) == min(n, len(everything))
    whole = Counter(item.cluster for item in everything)
    cut = [name for name, count in Counter(item.cluster for item in kept).items() if count < whole[name]]
    assert len(cut) <= 1
    assert [item.id for item in kept] == [item.id for item in everything if item in kept]
    assert kept == sample_items(everything, n, np.random.default_rng(seed))


def test_strata_keep_their_shares() -> None:
    everything = items([4] * 60, tiers=3)
    kept = sample_items(everything, 60, np.random.default_rng(1))
    assert Counter(item.tags["tier"] for item in kept) == {"v0": 20, "v1": 20, "v2": 20}


def test_seeds_draw_differently() -> None:
    everything = items([1] * 100)
    draws = {tuple(i.id for i in sample_items(everything, 10, np.random.default_rng(s))) for s in range(5)}
    assert len(draws) == 5


def test_calls_are_cut_by_the_same_share_everywhere() -> None:
    assert fit_calls({"a": 300, "b": 100}, {"a": 30, "b": 50}, 200) == {"a": 15, "b": 25}
    assert fit_calls({"a": 10}, {"a": 5}, 200) == {"a": 5}
