"""Pictures: an image as a processor is given it, and its size."""

from __future__ import annotations

from typing import Any

from audit.core.image import Image


def picture_size(width: int, height: int, max_pixels: int | None) -> tuple[int, int]:
    """Width and height that are shown of an image: its own, or scaled down to an area of at most `max_pixels`."""
    if max_pixels is None or width * height <= max_pixels:
        return width, height
    scale = (max_pixels / (width * height)) ** 0.5
    return max(1, int(width * scale)), max(1, int(height * scale))


def picture(image: Image, max_pixels: int | None) -> Any:
    """The image for Pillow, in RGB and in the size of `picture_size`."""
    import PIL.Image

    shown = PIL.Image.fromarray(image.rgb())
    size = picture_size(*shown.size, max_pixels)
    return shown if size == shown.size else shown.resize(size, PIL.Image.Resampling.BICUBIC)
