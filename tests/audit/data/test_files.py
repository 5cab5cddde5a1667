"""Image files: each mode becomes the pixels that it shows, and damaged or huge files are refused with a reason."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.core.errors import InputError
from audit.data.files import open_image

LIMIT = 1_000_000
RNG = np.random.default_rng(5)
GREY = RNG.integers(0, 256, (7, 11), dtype=np.uint8)
COLOUR = RNG.integers(0, 256, (7, 11, 3), dtype=np.uint8)


def read(path: Path) -> np.ndarray:
    return open_image(path, LIMIT).pixels


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it has width x height grey pixels, and then ends."""
    body = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 100)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", body) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize("pixels", [GREY, COLOUR, GREY.astype(np.uint16) * 257])
def test_lossless_files_read_back_equal(tmp_path: Path, suffix: str, pixels: np.ndarray) -> None:
    path = tmp_path / f"x.{suffix}"
    PIL.Image.fromarray(pixels).save(path)
    found = read(path)
    assert found.dtype == pixels.dtype
    np.testing.assert_array_equal(found, pixels)


def test_big_endian_sixteen_bit_tiff(tmp_path: Path) -> None:
    pixels = np.arange(77, dtype=np.uint16).reshape(7, 11) * 800
    PIL.Image.frombytes("I;16B", (11, 7), pixels.astype(">u2").tobytes()).save(tmp_path / "x.tif")
    np.testing.assert_array_equal(read(tmp_path / "x.tif"), pixels)


def test_palette_becomes_rgb_and_one_bit_becomes_grey(tmp_path: Path) -> None:
    indexed = PIL.Image.fromarray((GREY % 3).astype(np.uint8)).convert("P")
    indexed.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90])
    indexed.save(tmp_path / "p.png")
    table = np.array([[10, 20, 30], [40, 50, 60], [70, 80, 90]], dtype=np.uint8)
    np.testing.assert_array_equal(read(tmp_path / "p.png"), table[GREY % 3])
    PIL.Image.fromarray(GREY > 100).save(tmp_path / "b.png")
    np.testing.assert_array_equal(read(tmp_path / "b.png"), np.where(GREY > 100, 255, 0))


def test_alpha_is_composited_on_black(tmp_path: Path) -> None:
    alpha = RNG.integers(0, 256, (7, 11), dtype=np.uint8)
    PIL.Image.fromarray(np.dstack([COLOUR, alpha])).save(tmp_path / "rgba.png")
    expected = COLOUR * (alpha[..., None] / 255.0)
    np.testing.assert_allclose(read(tmp_path / "rgba.png"), expected, atol=1)
    PIL.Image.merge("LA", [PIL.Image.fromarray(GREY), PIL.Image.fromarray(alpha)]).save(tmp_path / "la.png")
    found = read(tmp_path / "la.png")
    assert found.shape == GREY.shape
    np.testing.assert_allclose(found, GREY * (alpha / 255.0), atol=1)


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    PIL.Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(tmp_path / "c.jpg", quality=100)
    np.testing.assert_allclose(read(tmp_path / "c.jpg")[8, 8], (255, 0, 0), atol=6)


def test_exif_orientation_is_applied(tmp_path: Path) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    PIL.Image.fromarray(COLOUR).save(tmp_path / "turned.png", exif=exif)
    np.testing.assert_array_equal(read(tmp_path / "turned.png"), np.rot90(COLOUR, -1))


def test_float_pixels_are_refused(tmp_path: Path) -> None:
    PIL.Image.fromarray(GREY.astype(np.float32)).save(tmp_path / "f.tif")
    with pytest.raises(InputError, match="8- or 16-bit"):
        read(tmp_path / "f.tif")


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (1001, 1000), (2**31 - 1, 2**31 - 1)])
def test_a_header_of_too_many_pixels_is_refused_before_decoding(tmp_path: Path, width: int, height: int) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(width, height))
    with pytest.raises(InputError, match="more than the limit of 1,000,000"):
        open_image(path, LIMIT)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
def test_a_truncated_file_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"cut.{suffix}"
    noise = RNG.integers(0, 256, (64, 64, 3), dtype=np.uint8)
    PIL.Image.fromarray(noise).save(path)
    body = path.read_bytes()
    path.write_bytes(body[: len(body) // 2])
    with pytest.raises(InputError, match=r"cannot be decoded|header is damaged"):
        read(path)


def test_what_is_no_image_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("not a picture")
    (tmp_path / "empty.png").touch()
    PIL.Image.fromarray(GREY).save(tmp_path / "x.gif")
    for name in ("text.png", "empty.png", "x.gif", "none.png", "."):
        with pytest.raises(InputError):
            open_image(tmp_path / name, LIMIT)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)
def test_damage_anywhere_gives_pixels_or_an_input_error(tmp_path: Path, data: st.DataObject) -> None:
    suffix = data.draw(st.sampled_from(["png", "jpg", "tif"]))
    path = tmp_path / f"hurt.{suffix}"
    PIL.Image.fromarray(COLOUR).save(path)
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(body[: data.draw(st.integers(1, len(body)))])
    try:
        found = read(path)
    except InputError as error:
        message = str(error)
    else:
        message = str(found.dtype)
    assert message
