"""Which clusters occur across the classes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from probes.spurious.discovery.gaps import gaps
from probes.spurious.discovery.region_table import RegionTable
from probes.spurious.discovery.spread import merged, spread


def table(labels: np.ndarray, assignment: np.ndarray) -> RegionTable:
    """Two regions an image."""
    n = len(labels)
    return RegionTable(
        labels, labels, np.arange(n), np.repeat(np.arange(n), 2), np.ones((2 * n, 1), np.float32), np.ones((2 * n, 4))
    )


def test_a_cluster_of_one_class_is_not_spread_and_one_of_half_of_them_is() -> None:
    labels = np.repeat(np.arange(4), 20)
    first = np.where(labels == 0, 0, 1)  # 0: class 0 alone; 1: the other three
    second = np.where((np.arange(80) % 20 == 0) & (labels < 2), 2, 3)  # 2: one of twenty images of two classes
    assignment = np.column_stack([first, second]).ravel()
    assert spread(table(labels, assignment), assignment, 5).tolist() == [False, True, True, True, False]


def test_rarer_than_one_in_twenty_images_is_not_in_a_class() -> None:
    labels = np.repeat(np.arange(2), 50)
    assignment = np.column_stack([np.zeros(100, int), np.where(np.arange(100) % 50 < 2, 1, 0)]).ravel()
    assert spread(table(labels, assignment), assignment, 2).tolist() == [True, False]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=40), st.lists(st.booleans(), min_size=5, max_size=5))
def test_merging_keeps_kept_clusters_apart_and_puts_the_rest_together(rows: list[int], kept: list[bool]) -> None:
    assignment, flags = np.array(rows), np.array(kept)
    made = merged(assignment, flags)
    for one in range(len(rows)):
        for other in range(len(rows)):
            same = rows[one] == rows[other] or not (kept[rows[one]] or kept[rows[other]])
            assert (made[one] == made[other]) == same
    assert made.max() <= sum(kept)


def test_gaps_of_kept_clusters_are_what_they_were() -> None:
    rng = np.random.default_rng(0)
    labels, assignment = rng.integers(0, 4, 60), rng.integers(0, 5, 120)
    kept = np.array([True, False, True, False, True])
    before = gaps(table(labels, assignment), assignment, 5)
    after = gaps(table(labels, assignment), merged(assignment, kept), 4)
    assert np.array_equal(before.G[kept], after.G[:3])
