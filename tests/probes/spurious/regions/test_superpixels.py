"""Superpixels as boxes."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.core.errors import InputError
from probes.spurious.regions.superpixels import superpixels

pytest.importorskip("skimage")


@settings(max_examples=25)
@given(height=st.integers(16, 80), width=st.integers(16, 80), most=st.integers(1, 20), seed=st.integers(0, 99))
def test_boxes_lie_inside_and_are_the_same_on_every_call(height: int, width: int, most: int, seed: int) -> None:
    rgb = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    boxes = superpixels(rgb, most)
    assert 1 <= len(boxes) <= most
    assert all(0 <= box[0] < box[2] <= width and 0 <= box[1] < box[3] <= height for box in boxes)
    assert boxes == superpixels(rgb.copy(), most)


def test_a_bright_square_is_a_superpixel_of_its_own() -> None:
    """At the size of a part: 48 of 192 pixels in 16 parts."""
    rgb = np.full((192, 192, 3), 40, np.uint8)
    rgb[48:96, 96:144] = 220
    assert (96, 48, 144, 96) in superpixels(rgb, 16)


def test_a_large_image_is_divided_at_a_smaller_size() -> None:
    rgb = np.full((192, 192, 3), 40, np.uint8)
    rgb[48:96, 96:144] = 220
    large = rgb.repeat(4, axis=0).repeat(4, axis=1)
    assert any(np.abs(np.subtract(box, (384, 192, 576, 384))).max() <= 6 for box in superpixels(large, 16))


def test_without_scikit_image_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "skimage.segmentation", None)
    with pytest.raises(InputError, match=r"medaudit\[mining\]"):
        superpixels(np.zeros((16, 16, 3), np.uint8), 4)
