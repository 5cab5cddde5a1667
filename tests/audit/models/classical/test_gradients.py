"""Oriented gradients, against scikit-image and against pictures whose gradients are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from audit.models.classical.gradients import CELLS, ORIENTATIONS, oriented_gradients


def pictures(seed: int, side: int) -> NDArray[np.uint8]:
    """Noise, tiles of one grey each, and a few values only (many ties)."""
    rng = np.random.default_rng(seed)
    tiles = np.kron(rng.integers(0, 256, (1, 8, 8)), np.ones((1, side // 8, side // 8), dtype=np.intp))
    few = 100 * rng.integers(0, 3, (1, side, side))
    return np.concatenate([rng.integers(0, 256, (2, side, side)), tiles, few]).astype(np.uint8)


@given(seed=st.integers(0, 99), cell=st.integers(3, 12))
def test_it_is_the_histogram_of_scikit_image(seed: int, cell: int) -> None:
    hog = pytest.importorskip("skimage.feature").hog
    given_pictures = pictures(seed, CELLS * cell)
    expected = [
        hog(one.astype(np.float64), orientations=ORIENTATIONS, pixels_per_cell=(cell, cell), cells_per_block=(2, 2))
        for one in given_pictures
    ]
    assert oriented_gradients(given_pictures) == pytest.approx(np.stack(expected), abs=1e-6)


@pytest.mark.parametrize(("down", "across", "place"), [(0, 3, 0), (3, 0, 4), (2, 2, 2), (-2, 2, 6)])
def test_a_slope_has_its_own_orientation(down: int, across: int, place: int) -> None:
    """Every block of an even slope holds its orientation in all four cells, each with half of the length."""
    rows, columns = np.indices((24, 24))
    slope = (down * rows + across * columns + 100).astype(np.uint8)
    blocks = oriented_gradients(slope[None]).reshape(7, 7, 4, ORIENTATIONS)
    inner = blocks[1:-1, 1:-1]
    assert inner[..., place] == pytest.approx(0.5, abs=1e-6)
    assert np.delete(inner, place, axis=-1) == pytest.approx(0)


def test_an_even_picture_has_no_gradient() -> None:
    assert not oriented_gradients(np.full((2, 24, 24), 9, dtype=np.uint8)).any()
