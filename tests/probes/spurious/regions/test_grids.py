"""Tiles cover the image once, and say the same on every call."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.spurious.regions.grids import LEAST, cells, grid, quadrants

SIDES = st.integers(16, 300)


@given(width=SIDES, height=SIDES, rows=st.integers(1, 8), columns=st.integers(1, 8))
def test_cells_tile_the_image(width: int, height: int, rows: int, columns: int) -> None:
    times = np.zeros((height, width), int)
    boxes = cells(width, height, rows, columns)
    for left, top, right, bottom in boxes:
        times[top:bottom, left:right] += 1
    assert len(boxes) == rows * columns
    assert (times == 1).all()
    assert np.ptp([right - left for left, _, right, _ in boxes]) <= 1
    assert np.ptp([bottom - top for _, top, _, bottom in boxes]) <= 1


@given(width=SIDES, height=SIDES, count=st.integers(2, 4), overlap=st.floats(0, 0.8))
def test_overlapping_cells_cover_the_image_and_share_what_was_asked(
    width: int, height: int, count: int, overlap: float
) -> None:
    boxes = cells(width, height, count, count, overlap)
    seen = np.zeros((height, width), bool)
    for left, top, right, bottom in boxes:
        seen[top:bottom, left:right] = True
    assert seen.all()
    for one, other in pairwise(boxes[:count]):
        assert (one[2] - other[0]) == pytest.approx(overlap * (one[2] - one[0]), abs=2)


def test_quadrants_of_an_odd_image() -> None:
    assert quadrants(57, 56) == ((0, 0, 28, 28), (28, 0, 57, 28), (0, 28, 28, 56), (28, 28, 57, 56))


def test_a_scale_that_is_too_fine_is_left_out() -> None:
    assert len(grid(16, 16, ((2, 2), (4, 4)))) == 20
    assert len(grid(4 * LEAST - 1, 100, ((2, 2), (4, 4)))) == 4
    assert grid(3, 3) == ()


@pytest.mark.parametrize(("rows", "columns", "overlap"), [(0, 1, 0.0), (1, 0, 0.0), (2, 2, 1.0), (2, 2, -0.1)])
def test_impossible_grids_are_refused(rows: int, columns: int, overlap: float) -> None:
    with pytest.raises(ValueError, match="rows and columns"):
        cells(10, 10, rows, columns, overlap)
