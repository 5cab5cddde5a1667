"""Local binary patterns, against scikit-image bit for bit and against pictures whose patterns are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.models.classical.patterns import pattern_counts


@given(
    seed=st.integers(0, 99),
    side=st.integers(8, 60),
    scale=st.tuples(st.integers(4, 16), st.integers(1, 4)),
    values=st.sampled_from([2, 5, 256]),
)
def test_it_is_the_pattern_of_scikit_image(seed: int, side: int, scale: tuple[int, int], values: int) -> None:
    """Few values make many neighbours that are as bright as the pixel, where rounding decides."""
    patterns = pytest.importorskip("skimage.feature").local_binary_pattern
    points, radius = scale
    pictures = np.random.default_rng(seed).integers(0, values, (5, side, side)).astype(np.uint8)
    expected = [np.bincount(patterns(one, points, radius, "uniform").astype(int).ravel(), minlength=points + 2)
                for one in pictures]  # fmt: skip
    assert (pattern_counts(pictures, points, radius) == np.stack(expected)).all()


def test_every_pixel_counts_once_whatever_the_company() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (7, 40, 40)).astype(np.uint8)
    counts = pattern_counts(pictures, 8, 1)
    assert counts.shape == (7, 10)
    assert (counts.sum(axis=1) == 1600).all()
    assert (pattern_counts(pictures[4:5], 8, 1) == counts[4]).all()


def test_a_dot_and_a_hole() -> None:
    """Inside, a bright dot sees no neighbour as bright (pattern 0), a hole sees all of them (pattern 8)."""
    dot = np.full((1, 9, 9), 50, dtype=np.uint8)
    dot[0, 4, 4] = 200
    assert pattern_counts(dot, 8, 1)[0, 0] == 1
    hole = np.full((1, 9, 9), 50, dtype=np.uint8)
    hole[0, 4, 4] = 0
    alone = pattern_counts(np.full((1, 9, 9), 50, dtype=np.uint8), 8, 1)[0]
    assert pattern_counts(hole, 8, 1)[0, 0] == 0
    assert pattern_counts(hole, 8, 1)[0, 8] > 0
    assert alone.sum() == 81
