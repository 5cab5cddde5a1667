"""Encoded bytes of an image: its pixels and nothing else."""

from __future__ import annotations

from io import BytesIO

from audit.core.image import Image


def encode_png(image: Image, max_side: int | None = None) -> bytes:
    """A PNG of the pixels, without any metadata; grey stays grey, 16-bit values keep their upper byte (as in
    `Image.rgb`).

    With `max_side` a larger image is scaled down (Lanczos, proportions kept) until neither side exceeds it. Equal
    pixels give equal bytes under one Pillow version. Raises what reading the pixels raises, `ValueError` for a
    `max_side` below 1.
    """
    import numpy as np
    import PIL.Image

    pixels = image.pixels
    eight = (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels.astype(np.uint8, copy=False)
    picture = PIL.Image.fromarray(np.ascontiguousarray(eight))
    if max_side is not None:
        if max_side < 1:
            raise ValueError(f"Expected max_side to be at least 1 but got {max_side}.")
        picture.thumbnail((max_side, max_side), PIL.Image.Resampling.LANCZOS)
    stream = BytesIO()
    picture.save(stream, format="PNG", compress_level=6)
    return stream.getvalue()


def thumbnail(image: Image, side: int = 256) -> bytes:
    """A JPEG that fits into a square of `side` pixels, without metadata; a smaller image is not enlarged.

    For people to look at: an eighth of the size of a PNG, and not what the model saw to the last bit.
    """
    import PIL.Image

    picture = PIL.Image.fromarray(image.rgb())
    picture.thumbnail((side, side), PIL.Image.Resampling.LANCZOS)
    stream = BytesIO()
    picture.save(stream, format="JPEG", quality=85, optimize=True)
    return stream.getvalue()
