"""Image files: PNG, JPEG and TIFF as 8- or 16-bit pixels, checked before they are decoded."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.core.errors import InputError
from audit.core.image import Image

if TYPE_CHECKING:
    import PIL.Image

    from audit.core.image import Pixels

FORMATS = ("PNG", "JPEG", "TIFF", "MPO")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff"})

# What decoders raise on damaged files: the list is theirs, found by fuzzing, and wide on purpose.
DECODE_ERRORS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    NotImplementedError,
    struct.error,
    zlib.error,
)


def open_image(path: Path, max_pixels: int) -> Image:
    """An image of a PNG, JPEG or TIFF file; its header is checked now, its pixels are decoded when they are read.

    Grey stays grey (uint8, or uint16 for 16-bit files), everything else becomes RGB uint8: palettes are looked up,
    alpha is composited on black, CMYK is converted, 1-bit becomes 0 and 255. EXIF orientation is applied. Of a file
    with several pages the first is taken. Raises `InputError`, now or when the pixels are read: not a file, another
    format, more than `max_pixels` pixels, truncated, damaged.
    """
    with _opened(path, max_pixels):
        pass
    return Image(lambda: _decoded(path, max_pixels), source=str(path))


class _opened:  # noqa: N801  reads as a verb: `with _opened(path, limit) as picture`
    """An open picture whose size is within the limit; every way of failing is an `InputError`."""

    def __init__(self, path: Path, max_pixels: int) -> None:
        self.path, self.max_pixels = path, max_pixels

    def __enter__(self) -> PIL.Image.Image:
        import PIL.Image

        try:
            if not self.path.is_file():  # a pipe or device would block
                raise InputError("there is no such file", path=self.path)
            picture: PIL.Image.Image = PIL.Image.open(self.path, formats=FORMATS)
        except PIL.UnidentifiedImageError as error:
            raise InputError("is not a PNG, JPEG or TIFF image, or its header is damaged", path=self.path) from error
        except PIL.Image.DecompressionBombError as error:
            raise self._too_large("several hundred million") from error
        except DECODE_ERRORS as error:
            raise unreadable(self.path, error) from error
        if picture.width * picture.height > self.max_pixels:
            picture.close()
            raise self._too_large(f"{picture.width} x {picture.height}")
        self.picture = picture
        return picture

    def _too_large(self, size: str) -> InputError:
        return InputError(f"has {size} pixels, more than the limit of {self.max_pixels:,}", path=self.path)

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self.picture.close()
        if isinstance(error, DECODE_ERRORS):
            raise unreadable(self.path, error) from error


def unreadable(path: Path, error: BaseException) -> InputError:
    """The error of a file that cannot be decoded: the decoder's own words, in one line, without the path."""
    why = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return InputError(f"cannot be decoded: {why.replace(str(path), 'the file')[:200]}", path=path)


def _decoded(path: Path, max_pixels: int) -> Pixels:
    from PIL import ImageOps

    with _opened(path, max_pixels) as picture:
        picture.load()
        return _pixels(ImageOps.exif_transpose(picture))


def _pixels(picture: PIL.Image.Image) -> Pixels:
    import numpy as np

    if picture.mode.startswith("I") or picture.mode == "F":
        return _deep_grey(picture)
    if picture.has_transparency_data:
        return np.asarray(_on_black(picture))
    if picture.mode in {"1", "L"}:
        return np.asarray(picture.convert("L"))
    return np.asarray(picture.convert("RGB"))


def _deep_grey(picture: PIL.Image.Image) -> Pixels:
    import numpy as np

    values = np.asarray(picture)
    if picture.mode == "F" or values.min() < 0 or values.max() > 65535:
        raise ValueError("its pixels are not 8- or 16-bit numbers; save it with 8 or 16 bits per channel")
    return values.astype(np.uint16)


def _on_black(picture: PIL.Image.Image) -> PIL.Image.Image:
    import PIL.Image

    grey = picture.mode in {"1", "L", "LA", "La"}
    layered = picture.convert("RGBA")
    flat = PIL.Image.alpha_composite(PIL.Image.new("RGBA", layered.size, (0, 0, 0, 255)), layered).convert("RGB")
    return flat.getchannel(0) if grey else flat
