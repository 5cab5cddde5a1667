"""Sizes that compressed pixels state, against what was encoded; and decoders that are never asked for more."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit

from audit.core.errors import InputError
from audit.data.codestream import codestream_size
from audit.data.load import load


def encoded(kind: str, width: int, height: int, colour: bool = False, **options: object) -> bytes:
    stream = BytesIO()
    PIL.Image.new("RGB" if colour else "L", (width, height), 50).save(stream, format=kind, **options)  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (17, 300), (640, 9)])
def test_the_stated_size_is_what_was_encoded(width: int, height: int, colour: bool) -> None:
    for body in (
        encoded("JPEG", width, height, colour),
        encoded("JPEG", width, height, colour, progressive=True, comment=b"x" * 300),
        encoded("JPEG2000", width, height, colour),
        encoded("JPEG2000", width, height, colour, no_jp2=True),
    ):
        assert codestream_size(body) == (width, height, 3 if colour else 1)


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda tail: b"\xff\xd8\xff" + tail))
def test_any_bytes_state_a_size_or_none(data: bytes) -> None:
    size = codestream_size(data)
    assert size is None or all(number >= 0 for number in size)


@pytest.mark.parametrize(("kind", "syntax"), [("JPEG", JPEGBaseline8Bit), ("JPEG2000", JPEG2000Lossless)])
def test_a_compressed_file_is_read_and_a_bomb_in_it_refused(
    write_dicom: Callable[..., Path], kind: str, syntax: str
) -> None:
    path = write_dicom("c.dcm", np.zeros((16, 16), np.uint8), Modality="US", WindowWidth=256, WindowCenter=128)
    header = dcmread(path)
    header.file_meta.TransferSyntaxUID = syntax
    options = {"no_jp2": True} if kind == "JPEG2000" else {"quality": 95}
    header.PixelData = encapsulate([encoded(kind, 16, 16, **options)])
    header["PixelData"].is_undefined_length = True
    header.save_as(path)
    np.testing.assert_allclose(load(path).records[0].image.pixels, 50, atol=1)
    header.PixelData = encapsulate([encoded(kind, 4000, 16, **options)])
    header["PixelData"].is_undefined_length = True
    header.save_as(path)
    with pytest.raises(InputError, match="compressed pixels are 4000 x 16 x 1, the header says 16 x 16 x 1"):
        load(path)
