"""Pixel masking: what is outside the boxes stays, what is inside is gone."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from audit.core.errors import InputError
from probes.phi.masking.pixels import GREY, PIXEL_STRATEGIES, Box, dilated, mask

Pixels = NDArray[np.uint8]
TRACELESS = tuple(name for name in PIXEL_STRATEGIES if name != "blur")


@st.composite
def pictures(draw: st.DrawFn) -> tuple[Pixels, list[Box], int]:
    """Pixels, boxes that may lie partly or wholly outside, and a radius."""
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    shape = (height, width, 3) if draw(st.booleans()) else (height, width)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    pixels = rng.integers(0, 256, shape, dtype=np.uint8)
    box = st.tuples(st.integers(-9, 45), st.integers(-9, 45), st.integers(1, 30), st.integers(1, 30))
    boxes = [(left, top, left + w, top + h) for left, top, w, h in draw(st.lists(box, max_size=4))]
    return pixels, boxes, draw(st.integers(0, 4))


def inside(pixels: Pixels, boxes: list[Box], radius: int) -> NDArray[np.bool_]:
    """By definition, pixel by pixel: at most `radius` from a pixel of a box, in both directions."""
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    found = np.zeros(pixels.shape[:2], dtype=bool)
    for left, top, right, bottom in boxes:
        found |= (np.maximum(left - x, x - (right - 1)) <= radius) & (np.maximum(top - y, y - (bottom - 1)) <= radius)
    return found


@pytest.mark.parametrize("strategy", PIXEL_STRATEGIES)
@given(picture=pictures())
def test_pixels_outside_stay_and_the_input_is_not_written_to(
    strategy: str, picture: tuple[Pixels, list[Box], int]
) -> None:
    pixels, boxes, radius = picture
    before = pixels.copy()
    masked = mask(pixels, boxes, strategy, radius)
    assert np.array_equal(pixels, before)
    assert (masked.shape, masked.dtype) == (pixels.shape, pixels.dtype)
    assert not np.shares_memory(masked, pixels)
    outside = ~inside(pixels, boxes, radius)
    assert np.array_equal(masked[outside], pixels[outside])


@pytest.mark.parametrize("strategy", TRACELESS)
@given(picture=pictures(), seed=st.integers(0, 2**32 - 1))
def test_nothing_of_what_was_hidden_reaches_the_result(
    strategy: str, picture: tuple[Pixels, list[Box], int], seed: int
) -> None:
    pixels, boxes, radius = picture
    other = pixels.copy()
    hidden = inside(pixels, boxes, radius)
    other[hidden] = np.random.default_rng(seed).integers(0, 256, other[hidden].shape)
    assert np.array_equal(mask(pixels, boxes, strategy, radius), mask(other, boxes, strategy, radius))


@given(picture=pictures())
def test_black_is_zero_and_mean_is_that_of_what_stays(picture: tuple[Pixels, list[Box], int]) -> None:
    pixels, boxes, radius = picture
    hidden = inside(pixels, boxes, radius)
    assert not mask(pixels, boxes, "black", radius)[hidden].any()
    filled, kept = mask(pixels, boxes, "mean", radius)[hidden], pixels[~hidden]
    expected = kept.mean(axis=0) if len(kept) else GREY
    assert np.all(np.abs(filled - expected) <= 0.5 + 1e-9)


@given(shade=st.integers(0, 255), left=st.integers(0, 20), top=st.integers(0, 20), side=st.integers(1, 12))
def test_an_even_surface_is_restored_by_all_but_black(shade: int, left: int, top: int, side: int) -> None:
    pixels = np.full((40, 44), shade, dtype=np.uint8)
    written = pixels.copy()
    box = (left, top, left + side, top + side)
    written[top : top + side, left : left + side] = 255 - shade
    assert np.array_equal(mask(written, [box], "mean"), pixels)
    # OpenCV rounds up as the front marches inwards: one or two grey values, and one more a few steps on
    assert np.abs(mask(written, [box], "inpaint").astype(int) - pixels).max() <= 2 + side / 4
    assert np.array_equal(mask(pixels, [box], "blur"), pixels)


def test_blur_is_the_gaussian_of_the_whole_image() -> None:
    """Only what is near is filtered, for speed; the tail that is left out stays below one grey value."""
    pixels = np.random.default_rng(1).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    masked = mask(pixels, [(60, 40, 100, 52)], "blur", radius=2)
    whole = gaussian_filter(pixels.astype(np.float64), (8, 8, 0), mode="nearest")
    assert np.abs(masked[38:54, 58:102] - whole[38:54, 58:102]).max() <= 1


def test_inpainting_continues_an_edge() -> None:
    pixels = np.zeros((40, 40), dtype=np.uint8)
    pixels[20:] = 200
    masked = mask(pixels, [(15, 10, 25, 30)], "inpaint")
    assert masked[12, 20] < 60
    assert masked[28, 20] > 140


def test_dilation_by_hand() -> None:
    assert dilated([(2, 3, 5, 4)], 100, 100, 1) == ((1, 2, 6, 5),)
    assert dilated([(0, 0, 5, 4), (9, 0, 12, 4)], 6, 6, 2) == ((0, 0, 6, 6),)


@pytest.mark.parametrize(
    ("pixels", "boxes", "strategy", "radius", "word"),
    [
        (np.zeros((4, 4), dtype=np.uint8), [], "pixelate", 0, "pixelate"),
        (np.zeros((4, 4), dtype=np.uint16), [], "black", 0, "uint16"),
        (np.zeros((4, 4, 4), dtype=np.uint8), [], "black", 0, "shape"),
        (np.zeros((4, 4), dtype=np.uint8), [(2, 0, 2, 4)], "black", 0, "left < right"),
        (np.zeros((4, 4), dtype=np.uint8), [(0, 0, 2, 4)], "black", -1, "radius"),
    ],
)
def test_mistakes_are_named(pixels: Pixels, boxes: list[Box], strategy: str, radius: int, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        mask(pixels, boxes, strategy, radius)


def test_without_opencv_inpainting_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probes.phi.masking.pixels.find_spec", lambda name: None)
    assert importlib.util.find_spec("cv2") is not None
    with pytest.raises(InputError, match=r"medaudit\[phi\]"):
        mask(np.zeros((4, 4), dtype=np.uint8), [(0, 0, 2, 2)], "inpaint")
