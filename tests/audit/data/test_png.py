"""PNG bytes hold the pixels and nothing else."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import PIL.Image
import pytest

from audit.core.image import Image
from audit.data.png import encode_png, thumbnail

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("shape", [(5, 8), (5, 8, 3)])
def test_pixels_read_back_equal_and_no_metadata_travels(shape: tuple[int, ...]) -> None:
    pixels = RNG.integers(0, 256, shape, dtype=np.uint8)
    body = encode_png(Image.of(pixels, source="/home/someone/Smith_John.png"))
    opened = PIL.Image.open(BytesIO(body))
    np.testing.assert_array_equal(np.asarray(opened), pixels)
    assert opened.info == {}
    assert {body[i : i + 4] for i in (12,)} == {b"IHDR"}
    assert not any(kind in body for kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME", b"Smith"))


def test_sixteen_bits_keep_their_upper_byte() -> None:
    image = Image.of(RNG.integers(0, 65536, (4, 6), dtype=np.uint16))
    found = np.asarray(PIL.Image.open(BytesIO(encode_png(image))))
    np.testing.assert_array_equal(np.repeat(found[..., None], 3, 2), image.rgb())


def test_scaling_keeps_proportions_and_never_enlarges() -> None:
    image = Image.of(np.zeros((100, 50), dtype=np.uint8))
    assert PIL.Image.open(BytesIO(encode_png(image, 40))).size == (20, 40)
    assert PIL.Image.open(BytesIO(thumbnail(image, 500))).size == (50, 100)
    with pytest.raises(ValueError, match="max_side"):
        encode_png(image, 0)
