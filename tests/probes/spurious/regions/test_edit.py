"""Edited images: nothing changes but what was meant to, and controls stand where they may."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.image import Image
from audit.core.reading import Box
from probes.spurious.regions.edit import LEAST, crop, elsewhere, pasted, placed, removed, soft_edge
from probes.spurious.regions.fills import FILLS
from probes.spurious.regions.overlap import shared


@st.composite
def images(draw: st.DrawFn, smallest: int = 8) -> Image:
    height, width = draw(st.integers(smallest, 150)), draw(st.integers(smallest, 150))
    shape = (height, width, 3) if draw(st.booleans()) else (height, width)
    dtype = draw(st.sampled_from([np.uint8, np.uint16]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    pixels = rng.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)
    pixels.setflags(write=False)  # whoever writes to it fails
    return Image.of(pixels)


def box_in(draw: st.DataObject, width: int, height: int) -> Box:
    left, top = draw.draw(st.integers(0, width - 1)), draw.draw(st.integers(0, height - 1))
    return left, top, draw.draw(st.integers(left + 1, width)), draw.draw(st.integers(top + 1, height))


def size_of(image: Image) -> tuple[int, int]:
    return image.pixels.shape[1], image.pixels.shape[0]


def within(size: tuple[int, int], box: Box, margin: int) -> np.ndarray:
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    across = (box[0] - margin <= x) & (x < box[2] + margin)
    return across & (box[1] - margin <= y) & (y < box[3] + margin)


@pytest.mark.parametrize("fill", FILLS)
@given(image=images(), data=st.data())
def test_beyond_the_soft_edge_of_removed_boxes_nothing_changes(fill: str, image: Image, data: st.DataObject) -> None:
    size = size_of(image)
    boxes = [box_in(data, *size) for _ in range(data.draw(st.integers(0, 3)))]
    pixels = removed(image, boxes, fill).pixels
    assert (pixels.shape, pixels.dtype) == (image.pixels.shape, image.pixels.dtype)
    near = np.zeros(size[::-1], bool)
    for box in boxes:
        near |= within(size, box, soft_edge(*size))
    assert np.array_equal(pixels[~near], image.pixels[~near])
    assert np.array_equal(pixels, removed(image, boxes, fill).pixels)


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_mark_on_a_smooth_ground_is_gone(fill: str, dtype: type[np.uint8] | type[np.uint16]) -> None:
    top = np.iinfo(dtype).max
    ground = (np.add.outer(np.arange(120), np.arange(120)) / 240 * top * 0.5).astype(dtype)
    marked = ground.copy()
    marked[20:40, 30:60] = top
    pixels = removed(Image.of(marked), [(30, 20, 60, 40)], fill).pixels
    assert np.abs(pixels.astype(float) - ground).max() < 0.1 * top


@given(image=images(), patch=images(smallest=1), data=st.data())
def test_a_patch_changes_its_box_alone(image: Image, patch: Image, data: st.DataObject) -> None:
    size = size_of(image)
    at = box_in(data, *size)
    pixels = pasted(image, patch, at).pixels
    assert (pixels.shape, pixels.dtype) == (image.pixels.shape, image.pixels.dtype)
    outside = ~within(size, at, 0)
    assert np.array_equal(pixels[outside], image.pixels[outside])


@given(image=images(), data=st.data())
def test_a_crop_pasted_where_it_came_from_changes_nothing(image: Image, data: st.DataObject) -> None:
    box = box_in(data, *size_of(image))
    assert np.array_equal(pasted(image, crop(image, box, least=1), box).pixels, image.pixels)


def test_a_patch_takes_mode_depth_and_size_of_the_image() -> None:
    red = Image.of(np.full((5, 9, 3), (65535, 0, 0), np.uint16))
    grey = pasted(Image.of(np.zeros((64, 64), np.uint8)), red, (10, 20, 30, 50)).pixels
    assert grey[35, 20] == round(0.299 * 255)
    assert grey[20:50, 10:30][1:-1, 1:-1].min() == grey[35, 20]
    assert 0 < grey[20, 15] < grey[35, 20]  # the soft edge
    deep = pasted(Image.of(np.zeros((64, 64, 3), np.uint16)), Image.of(np.full((4, 4), 255, np.uint8)), (0, 0, 9, 9))
    assert tuple(deep.pixels[4, 4]) == (65535, 65535, 65535)


@given(image=images(), data=st.data(), least=st.integers(1, 40))
def test_a_crop_holds_its_box_and_is_no_smaller_than_asked(image: Image, data: st.DataObject, least: int) -> None:
    width, height = size_of(image)
    left, top, right, bottom = box_in(data, width, height)
    part = crop(image, (left, top, right, bottom), least).pixels
    assert part.shape[1] == max(right - left, min(least, width))
    assert part.shape[0] == max(bottom - top, min(least, height))
    assert part.dtype == image.pixels.dtype
    windows = np.lib.stride_tricks.sliding_window_view(image.pixels, part.shape[:2], (0, 1))
    same = (
        (windows == (part if part.ndim == 2 else part.transpose(2, 0, 1))).reshape(*windows.shape[:2], -1).all(axis=2)
    )
    rows, columns = np.nonzero(same)
    holds = (rows <= top) & (bottom <= rows + part.shape[0]) & (columns <= left) & (right <= columns + part.shape[1])
    assert holds.any()


def test_a_small_crop_grows_by_what_is_around() -> None:
    image = Image.of(np.arange(64 * 64, dtype=np.uint16).reshape(64, 64))
    assert np.array_equal(crop(image, (30, 30, 34, 34)).pixels, image.pixels[24 : 24 + LEAST, 24 : 24 + LEAST])
    assert np.array_equal(crop(image, (0, 62, 2, 64)).pixels, image.pixels[48:64, 0:16])


@given(
    width=st.integers(1, 14), height=st.integers(1, 14), data=st.data(), seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_a_control_stands_on_any_free_place_and_nowhere_else(
    width: int, height: int, data: st.DataObject, seed: int
) -> None:
    """Against a list of all places, tried one by one."""
    box = box_in(data, width, height)
    forbidden = [box_in(data, width, height) for _ in range(data.draw(st.integers(0, 2)))]
    wide, high = box[2] - box[0], box[3] - box[1]
    free = {
        (x, y, x + wide, y + high)
        for x in range(width - wide + 1)
        for y in range(height - high + 1)
        if not any(shared((x, y, x + wide, y + high), other) for other in (box, *forbidden))
    }
    rng = np.random.default_rng(seed)
    drawn = elsewhere((width, height), box, forbidden, rng)
    assert (drawn is None) == (not free)
    assert drawn is None or drawn in free


def test_places_of_controls_are_uniform() -> None:
    rng = np.random.default_rng(7)
    drawn = [elsewhere((12, 4), (0, 0, 4, 4), [(7, 0, 8, 4)], rng) for _ in range(4000)]
    counts = {box: drawn.count(box) for box in set(drawn)}
    assert set(counts) == {(8, 0, 12, 4)}
    drawn = [elsewhere((12, 4), (0, 0, 2, 4), [(7, 0, 8, 4)], rng) for _ in range(8000)]
    lefts = [box[0] for box in drawn if box]
    observed = np.bincount(lefts, minlength=12)[[2, 3, 4, 5, 8, 9, 10]]
    assert observed.sum() == 8000
    assert ((observed - 8000 / 7) ** 2 / (8000 / 7)).sum() < 22.46  # chi-square, 6 degrees, 0.1%


def test_a_box_is_carried_over_to_another_size() -> None:
    assert placed((10, 20, 30, 60), (100, 200), (50, 50)) == (5, 5, 15, 15)
    assert placed((99, 0, 100, 1), (100, 200), (16, 16)) == (15, 0, 16, 1)


@given(sizes=st.tuples(*[st.integers(1, 300)] * 4), data=st.data())
def test_a_carried_box_lies_inside(sizes: tuple[int, int, int, int], data: st.DataObject) -> None:
    box = box_in(data, sizes[0], sizes[1])
    left, top, right, bottom = placed(box, sizes[:2], sizes[2:])
    assert 0 <= left < right <= sizes[2]
    assert 0 <= top < bottom <= sizes[3]


def test_what_cannot_be_is_refused() -> None:
    image = Image.of(np.zeros((20, 20), np.uint8))
    with pytest.raises(ValueError, match="blur, inpaint, mean"):
        removed(image, [(0, 0, 2, 2)], "noise")
    for edit in (lambda: removed(image, [(3, 3, 3, 9)]), lambda: crop(image, (5, 5, 4, 9))):
        with pytest.raises(ValueError, match="left < right"):
            edit()
    for late in (crop(image, (15, 15, 25, 25)), pasted(image, image, (-1, 0, 4, 4))):
        with pytest.raises(ValueError, match="inside an image of 20 x 20"):
            _ = late.pixels
