"""Depth is the share of the grey range over which a shape keeps its box."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from probes.spurious.regions.stable import stable_shapes


@given(
    left=st.integers(5, 40), top=st.integers(5, 40), wide=st.integers(4, 15), high=st.integers(4, 15),
    low=st.integers(0, 6), high_value=st.integers(8, 10),
)  # fmt: skip
def test_the_depth_of_a_plate_is_its_step(left: int, top: int, wide: int, high: int, low: int, high_value: int) -> None:
    """A plate of value h on a ground of value l holds at all thresholds in (l, h]."""
    grey = np.full((64, 64), low / 10, np.float32)
    grey[top : top + high, left : left + wide] = high_value / 10
    shapes = stable_shapes(grey, 20, 0.05, (3, 20), 0.1)
    assert [shape.box for shape in shapes] == [(left, top, left + wide, top + high)]
    thresholds = sum(np.float32(low / 10) < np.float32(t / 20) <= np.float32(high_value / 10) for t in range(1, 20))
    assert shapes[0].depth == pytest.approx(thresholds / 20)


def test_a_soft_blob_is_shallower_than_a_sharp_one_of_the_same_height() -> None:
    grey = np.zeros((96, 96), np.float32)
    grey[30:42, 30:42] = 1
    soft = gaussian_filter(grey, 4)
    sharp = stable_shapes(grey, 40, 0.05, (3, 30), 0.1)
    assert sharp[0].depth == pytest.approx(39 / 40)
    assert stable_shapes(soft / soft.max(), 40, 0.05, (3, 30), 0.1)[0].depth < 0.5


def test_a_shape_inside_another_is_found_beside_it() -> None:
    grey = np.zeros((64, 64), np.float32)
    grey[10:34, 10:34] = 0.5
    grey[18:26, 18:26] = 1
    boxes = {shape.box: shape.depth for shape in stable_shapes(grey, 20, 0.2, (3, 30), 0.1)}
    assert boxes == {(18, 18, 26, 26): pytest.approx(0.45), (10, 10, 34, 34): pytest.approx(0.5)}


def test_shapes_out_of_size_and_flat_images_give_nothing() -> None:
    grey = np.zeros((64, 64), np.float32)
    grey[2:60, 2:60] = 1
    grey[61, 61] = 1
    assert stable_shapes(grey, 20, 0.1, (3, 30), 0.1) == ()
    assert stable_shapes(np.zeros((8, 8), np.float32), 20, 0.1, (1, 8), 0.1) == ()
