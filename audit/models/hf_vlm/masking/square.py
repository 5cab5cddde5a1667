"""Towers that look at one square picture, by the CLIP, SigLIP, LLaVA and Gemma 3 image processors."""

from __future__ import annotations

from typing import Any

from audit.models.hf_vlm.masking.architecture import UndeclaredError, processor_name
from audit.models.hf_vlm.masking.view import Axis

KNOWN = ("CLIPImageProcessor", "SiglipImageProcessor", "LlavaImageProcessor", "Gemma3ImageProcessor")


def check_square(images: Any, side: int) -> None:
    """Raise `UndeclaredError` unless this processor is known and makes square pictures of `side` pixels."""
    name = processor_name(images)
    if name not in KNOWN:
        raise UndeclaredError(f"the geometry of the image processor {name} is not declared; known: {', '.join(KNOWN)}")
    if getattr(images, "do_pan_and_scan", None):
        raise UndeclaredError("the geometry of pan-and-scan crops is not declared")
    if getattr(images, "do_pad", None) and name != "LlavaImageProcessor":
        raise UndeclaredError(f"padding by {name} is not declared")
    size = images.size
    if images.do_resize and not (_pair(size) or (size.shortest_edge and not size.longest_edge)):
        raise UndeclaredError(f"the size setting {size} of the image processor is not declared")
    made = _pair(images.crop_size) if _crops(images) else _pair(size) if images.do_resize else None
    if made != (side, side):
        raise UndeclaredError(f"the image processor does not always make pictures of {side} x {side} pixels")


def square_axes(images: Any, across: Axis, down: Axis) -> tuple[Axis, Axis]:
    """Where a picture comes to lie in the square: across and down."""
    if getattr(images, "do_pad", None):
        longer = max(across.length, down.length)
        across, down = across.padded(longer), down.padded(longer)
    if images.do_resize:
        pair = _pair(images.size)
        high, wide = pair if pair else _shorter(down.length, across.length, images.size.shortest_edge)
        across, down = across.resized(wide), down.resized(high)
    if _crops(images):
        across, down = across.centred(images.crop_size.width), down.centred(images.crop_size.height)
    return across, down


def _shorter(height: int, width: int, edge: int) -> tuple[int, int]:
    """The size whose shorter edge is `edge`; the longer one is rounded down."""
    if width <= height:
        return int(edge * height / width), edge
    return edge, int(edge * width / height)


def _crops(images: Any) -> bool:
    return bool(getattr(images, "do_center_crop", None))


def _pair(size: Any) -> tuple[int, int] | None:
    """Height and width of a size setting that has both."""
    return (size.height, size.width) if size is not None and size.height and size.width else None
