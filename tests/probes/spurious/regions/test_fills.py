"""Fills: from what lies around alone, and exact where that can be worked out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from probes.spurious.regions.fills import FILLS, filled

SHAPES = st.tuples(st.integers(8, 40), st.integers(8, 40), st.booleans())


@pytest.mark.parametrize("fill", FILLS)
@given(shape=SHAPES, seed=st.integers(0, 2**32 - 1), data=st.data())
def test_nothing_of_what_was_inside_reaches_the_result(
    fill: str, shape: tuple[int, int, bool], seed: int, data: st.DataObject
) -> None:
    height, width, colour = shape
    rng = np.random.default_rng(seed)
    values = rng.random((height, width, 3) if colour else (height, width), np.float32)
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    box = (left, top, data.draw(st.integers(left + 1, width)), data.draw(st.integers(top + 1, height)))
    second = (0, 0, 3, 3)
    other = values.copy()
    for inside in (box, second):
        part = other[inside[1] : inside[3], inside[0] : inside[2]]
        part[...] = rng.random(part.shape, np.float32)
    one, two = filled(values, [box, second], fill), filled(other, [box, second], fill)
    for inside in (box, second):
        where = np.s_[inside[1] : inside[3], inside[0] : inside[2]]
        assert np.array_equal(one[where], two[where])
        assert np.isfinite(one[where]).all()
    assert one.min() >= -1e-3
    assert one.max() <= 1 + 1e-3


@pytest.mark.parametrize("fill", FILLS)
def test_a_flat_image_stays_flat(fill: str) -> None:
    values = np.full((60, 80), 0.4, np.float32)
    assert np.allclose(filled(values, [(10, 10, 50, 40), (0, 50, 9, 60)], fill), 0.4, atol=0.002)


def test_the_mean_is_that_of_a_ring() -> None:
    values = np.zeros((60, 60), np.float32)
    values[20:40, 20:40] = 1
    values[:, 45:] = 0.8  # farther than a quarter of the shorter side
    values[19, 19] = 0.5
    ring = 30 * 30 - 20 * 20
    assert np.allclose(filled(values, [(20, 20, 40, 40)], "mean")[20:40, 20:40], 0.5 / ring)


def test_the_blur_is_a_gaussian_of_what_stays() -> None:
    """Against a normalised convolution over the whole image, without window, coarse grid or trust in the mean."""
    rng = np.random.default_rng(4)
    values = gaussian_filter(rng.random((300, 300)), 12)
    values = ((values - values.min()) / np.ptp(values)).astype(np.float32)
    for box in ((100, 120, 112, 150), (60, 60, 180, 140)):
        stays = np.ones_like(values)
        stays[box[1] : box[3], box[0] : box[2]] = 0
        sigma = min(box[2] - box[0], box[3] - box[1]) / 2
        exact = gaussian_filter(values * stays, sigma, mode="nearest") / gaussian_filter(stays, sigma, mode="nearest")
        where = np.s_[box[1] : box[3], box[0] : box[2]]
        assert np.abs(filled(values, [box], "blur")[where] - exact[where]).max() < 0.02


@pytest.mark.parametrize("fill", FILLS)
def test_where_nothing_stays_there_is_a_middle_grey(fill: str) -> None:
    values = np.random.default_rng(0).random((20, 20, 3)).astype(np.float32)
    assert np.allclose(filled(values, [(0, 0, 20, 20)], fill), 0.5, atol=0.01)


def test_another_fill_is_refused() -> None:
    with pytest.raises(ValueError, match="blur, inpaint, mean"):
        filled(np.zeros((8, 8), np.float32), [(0, 0, 2, 2)], "noise")
