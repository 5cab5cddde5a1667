"""Images are known by their pixels: equal pixels, equal hash; anything else differs."""

from __future__ import annotations

import hypothesis.extra.numpy as arrays
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audit.core.image import Image

SHAPES = st.tuples(st.integers(1, 6), st.integers(1, 6))
GREY = SHAPES.flatmap(lambda shape: arrays.arrays(np.uint8, shape))


@given(GREY)
def test_equal_pixels_have_equal_hashes_wherever_they_come_from(pixels: np.ndarray) -> None:
    assert Image.of(pixels, "a.png").sha256 == Image.of(pixels.copy(), "b.dcm").sha256
    assert Image.of(np.asfortranarray(pixels)).sha256 == Image.of(pixels).sha256


@given(GREY)
def test_one_changed_pixel_changes_the_hash(pixels: np.ndarray) -> None:
    other = pixels.copy()
    other[0, 0] ^= 1
    assert Image.of(other).sha256 != Image.of(pixels).sha256


def test_shape_dtype_and_mode_are_part_of_the_hash() -> None:
    base = np.arange(12, dtype=np.uint8)
    images = [
        Image.of(base.reshape(3, 4)),
        Image.of(base.reshape(4, 3)),
        Image.of(base.reshape(2, 2, 3)),
        Image.of(base.reshape(3, 4).astype(np.uint16)),
    ]
    assert len({image.sha256 for image in images}) == 4


def test_rgb_keeps_the_upper_byte_and_repeats_grey() -> None:
    deep = np.array([[0, 256, 65535]], dtype=np.uint16)
    np.testing.assert_array_equal(Image.of(deep).rgb()[0, :, 0], [0, 1, 255])
    assert Image.of(deep).rgb().shape == (1, 3, 3)


def test_pixels_are_loaded_only_when_read() -> None:
    calls: list[int] = []

    def load() -> np.ndarray:
        calls.append(1)
        return np.zeros((2, 2), dtype=np.uint8)

    image = Image(load)
    assert not calls
    assert image.sha256 == image.sha256
    assert len(calls) == 1
