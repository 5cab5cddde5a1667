"""Masking in pixels: what works with every model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from audit.core.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Hide = Callable[[Pixels, NDArray[np.bool_], Sequence["Box"]], Pixels]

Box = tuple[int, int, int, int]

# What stands where nothing is left of an image that a colour could be taken from.
GREY = 128
# Pixels around a hidden one that inpainting looks at (Telea's epsilon).
REACH = 3


def mask(pixels: Pixels, boxes: Sequence[Box], strategy: str, radius: int = 0) -> Pixels:
    """A copy of `pixels` with its boxes hidden; every pixel outside the dilated boxes stays as it was.

    `pixels`: uint8, shape (height, width) or (height, width, 3). `boxes`: (left, top, right, bottom) in pixels, right
    and bottom exclusive; each grows by `radius` pixels on every side and is cut at the border of the image.

    - `black`: 0.
    - `mean`: the mean colour of the pixels that stay.
    - `blur`: a Gaussian whose standard deviation is half the shorter side of the dilated box. The only one whose result
      depends on what was hidden.
    - `inpaint`: continued from the pixels around (Telea, "An image inpainting technique based on the fast marching
      method", 2004; OpenCV).

    Raises `ValueError` for another strategy, shape or type of pixels, an empty box or a negative radius, `InputError`
    where OpenCV is missing.
    """
    import numpy as np

    if strategy not in PIXEL_STRATEGIES:
        raise ValueError(f"Expected a strategy of {', '.join(PIXEL_STRATEGIES)} but got {strategy!r}")
    if pixels.dtype != np.uint8 or not (pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3)):
        raise ValueError(f"Expected uint8 pixels in grey or RGB but got {pixels.dtype} of shape {pixels.shape}")
    grown = dilated(boxes, pixels.shape[1], pixels.shape[0], radius)
    hidden = np.zeros(pixels.shape[:2], dtype=np.bool_)
    for left, top, right, bottom in grown:
        hidden[top:bottom, left:right] = True
    return _HIDE[strategy](pixels, hidden, grown)


def dilated(boxes: Sequence[Box], width: int, height: int, radius: int) -> tuple[Box, ...]:
    """The boxes grown by `radius` pixels on every side and cut at the image's border; one that lies outside is left
    out. Raises `ValueError` for an empty box or a negative radius."""
    if radius < 0:
        raise ValueError(f"Expected a radius of at least 0 pixels but got {radius}")
    empty = [box for box in boxes if not (box[0] < box[2] and box[1] < box[3])]
    if empty:
        raise ValueError(f"Expected boxes with left < right and top < bottom but got {empty[0]}")
    cut = (
        (max(left - radius, 0), max(top - radius, 0), min(right + radius, width), min(bottom + radius, height))
        for left, top, right, bottom in boxes
    )
    return tuple(box for box in cut if box[0] < box[2] and box[1] < box[3])


def _black(pixels: Pixels, hidden: NDArray[np.bool_], _boxes: Sequence[Box]) -> Pixels:
    return _filled(pixels, hidden, 0)


def _mean(pixels: Pixels, hidden: NDArray[np.bool_], _boxes: Sequence[Box]) -> Pixels:
    import numpy as np

    if hidden.all():
        return _filled(pixels, hidden, GREY)
    return _filled(pixels, hidden, np.rint(pixels[~hidden].mean(axis=0, dtype=np.float64)).astype(np.uint8))


def _filled(pixels: Pixels, hidden: NDArray[np.bool_], value: int | Pixels) -> Pixels:
    copy = pixels.copy()
    copy[hidden] = value
    return copy


def _blur(pixels: Pixels, _hidden: NDArray[np.bool_], boxes: Sequence[Box]) -> Pixels:
    import numpy as np
    from scipy.ndimage import gaussian_filter

    copy = pixels.copy()
    for left, top, right, bottom in boxes:
        sigma = min(right - left, bottom - top) / 2
        margin = int(4 * sigma) + 1
        x, y = max(left - margin, 0), max(top - margin, 0)
        around = pixels[y : bottom + margin, x : right + margin].astype(np.float32)
        soft = gaussian_filter(around, (sigma, sigma, 0)[: pixels.ndim], mode="nearest")
        inside = soft[top - y : bottom - y, left - x : right - x]
        copy[top:bottom, left:right] = np.rint(inside).clip(0, 255).astype(np.uint8)
    return copy


def _inpaint(pixels: Pixels, hidden: NDArray[np.bool_], _boxes: Sequence[Box]) -> Pixels:
    import numpy as np

    if find_spec("cv2") is None:
        raise InputError("Inpainting needs OpenCV", remedy="pip install 'medaudit[phi]', or use black, mean or blur")
    if not hidden.any() or hidden.all():
        return _filled(pixels, hidden, GREY)
    import cv2

    # what is hidden is blotted out first, so that no trace of it can reach the result; the mirrored border keeps OpenCV
    # inside the image where that is one pixel wide
    border = ((REACH, REACH), (REACH, REACH), (0, 0))[: pixels.ndim]
    blank = np.pad(_filled(pixels, hidden, 0), border, mode="symmetric")
    where = np.pad(hidden.astype(np.uint8), border[:2], mode="symmetric")
    painted = cv2.inpaint(blank, where, REACH, cv2.INPAINT_TELEA)[REACH:-REACH, REACH:-REACH]
    copy = pixels.copy()
    copy[hidden] = painted[hidden]
    return copy


_HIDE: Mapping[str, Hide] = {"black": _black, "mean": _mean, "blur": _blur, "inpaint": _inpaint}
PIXEL_STRATEGIES = tuple(_HIDE)
