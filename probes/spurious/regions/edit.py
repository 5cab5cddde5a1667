"""Images with a region taken out, put in or alone: the counterfactuals, and where their controls stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from audit.core.image import Image
from audit.core.reading import Box
from probes.phi.masking.pixels import dilated
from probes.spurious.regions.fills import FILLS, filled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audit.core.image import Pixels

    Floats = NDArray[np.float32]

SOFT = 64  # the soft edge is one pixel wide for so many pixels of the image's shorter side
LEAST = 16  # pixels of a crop's side, where the image has them: a tower sees nothing in fewer


def soft_edge(width: int, height: int) -> int:
    """How many pixels beyond a removed box may change, and how many inside a pasted one are blended: at least 1."""
    return max(1, min(width, height) // SOFT)


def removed(image: Image, boxes: Sequence[Box], fill: str = "blur") -> Image:
    """The image without its `boxes` (left, top, right, bottom in pixels, cut at the border), made when its pixels are
    read.

    `fill` is `blur`, `inpaint` or `mean` (`fills.filled`); nothing of what was inside shows. Mode, dtype and shape
    stay, and so does every pixel that lies more than `soft_edge` beyond the boxes. Raises `ValueError` for another fill
    or an empty box, at once.
    """
    if fill not in FILLS:
        raise ValueError(f"Expected a fill of {', '.join(FILLS)} but got {fill!r}")
    dilated(boxes, 1, 1, 0)
    return Image(partial(_removed, image, tuple(boxes), fill), f"{image.source} [without a region]")


def pasted(image: Image, patch: Image, at: Box) -> Image:
    """The image with `patch` laid over the box `at`, scaled to fill it, made when its pixels are read.

    The patch takes the image's mode and dtype; it fades in over `soft_edge` pixels inside the box (less in a box too
    small for that), and nothing outside the box changes. Raises `ValueError` for an empty box, and, when the pixels
    are read, for one that does not lie inside the image.
    """
    dilated([at], 1, 1, 0)
    return Image(partial(_pasted, image, patch, at), f"{image.source} [with a patch]")


def placed(box: Box, size: tuple[int, int], target: tuple[int, int]) -> Box:
    """The box of an image of `size` (width, height) at the same relative place of one of size `target`, never empty."""
    left, right = _scaled(box[0], box[2], size[0], target[0])
    top, bottom = _scaled(box[1], box[3], size[1], target[1])
    return left, top, right, bottom


def crop(image: Image, box: Box, least: int = LEAST) -> Image:
    """The image inside `box` alone, made when its pixels are read.

    A side shorter than `least` pixels is grown to it with what lies around, shifted so that it stays inside the image,
    and no longer than the image: a real context, nothing is enlarged or invented. `least=1` gives the box exactly.
    Raises `ValueError` for an empty box, and, when the pixels are read, for one that does not lie inside the image.
    """
    dilated([box], 1, 1, 0)
    return Image(partial(_cropped, image, box, least), f"{image.source} [a region]")


def elsewhere(size: tuple[int, int], box: Box, forbidden: Sequence[Box], rng: np.random.Generator) -> Box | None:
    """A box as large as `box`, at a place drawn uniformly among all places in an image of `size` (width, height) where
    it shares no pixel with `box` nor with any of `forbidden`; None where there is no such place."""
    import numpy as np

    wide, high = box[2] - box[0], box[3] - box[1]
    free = np.ones((max(size[1] - high + 1, 0), max(size[0] - wide + 1, 0)), dtype=np.bool_)
    for left, top, right, bottom in (box, *forbidden):
        free[max(top - high + 1, 0) : max(bottom, 0), max(left - wide + 1, 0) : max(right, 0)] = False
    places = np.flatnonzero(free)
    if not len(places):
        return None
    top, left = divmod(int(rng.choice(places)), free.shape[1])
    return left, top, left + wide, top + high


def _removed(image: Image, boxes: Sequence[Box], fill: str) -> Pixels:
    import numpy as np

    pixels = image.pixels
    height, width = pixels.shape[:2]
    inside = dilated(boxes, width, height, 0)
    values = pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    edge = soft_edge(width, height)
    grown = dilated(boxes, width, height, 0 if fill == "inpaint" else edge)
    return _laid(pixels, filled(values, grown, fill), _outwards((height, width), inside, edge))


def _outwards(shape: tuple[int, int], boxes: Sequence[Box], edge: int) -> Floats:
    """1 in the boxes, falling to 0 over `edge` pixels outside them."""
    import numpy as np

    weight = np.zeros(shape, np.float32)
    for distance in range(edge, -1, -1):
        for left, top, right, bottom in dilated(boxes, shape[1], shape[0], distance):
            weight[top:bottom, left:right] = 1 - distance / (edge + 1)
    return weight


def _pasted(image: Image, patch: Image, at: Box) -> Pixels:
    import numpy as np

    pixels = image.pixels
    left, top, right, bottom = _within(at, pixels)
    edge = min(soft_edge(pixels.shape[1], pixels.shape[0]), (min(right - left, bottom - top) - 1) // 2)
    over = np.zeros(pixels.shape, np.float32)
    over[top:bottom, left:right] = _resized(patch.pixels, right - left, bottom - top, pixels.ndim)
    core = (left + edge, top + edge, right - edge, bottom - edge)
    return _laid(pixels, over, _outwards(pixels.shape[:2], [core], edge))


def _resized(pixels: Pixels, width: int, height: int, ndim: int) -> Floats:
    """In [0, 1], bilinear with antialiasing, grey where `ndim` is 2, else RGB."""
    import numpy as np
    from PIL import Image as Picture

    values = pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    planes = [values] if values.ndim == 2 else [values[..., channel] for channel in range(3)]
    if (pixels.shape[1], pixels.shape[0]) != (width, height):
        planes = [
            np.asarray(Picture.fromarray(plane).resize((width, height), Picture.Resampling.BILINEAR))
            for plane in planes
        ]
    if ndim == 2:
        grey: Floats = planes[0] if len(planes) == 1 else np.tensordot(_LUMA, np.stack(planes), 1).astype(np.float32)
        return grey
    return np.stack(planes * 3 if len(planes) == 1 else planes, axis=2)


_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601


def _laid(pixels: Pixels, over: Floats, weight: Floats) -> Pixels:
    """`over` (in [0, 1]) where `weight` is 1, the pixels themselves, exactly, where it is 0."""
    import numpy as np

    changed = weight > 0
    top = np.iinfo(pixels.dtype).max
    share = weight[changed] if pixels.ndim == 2 else weight[changed][:, None]
    under = pixels[changed].astype(np.float32)
    result: Pixels = pixels.copy()
    mixed = under + share * (over[changed] * np.float32(top) - under)
    result[changed] = np.rint(np.clip(mixed, 0, top)).astype(pixels.dtype)
    return result


def _cropped(image: Image, box: Box, least: int) -> Pixels:
    pixels = image.pixels
    left, top, right, bottom = _within(box, pixels)
    left, right = _grown(left, right, least, pixels.shape[1])
    top, bottom = _grown(top, bottom, least, pixels.shape[0])
    part: Pixels = pixels[top:bottom, left:right].copy()
    return part


def _grown(start: int, end: int, least: int, length: int) -> tuple[int, int]:
    missing = max(min(least, length) - (end - start), 0)
    start = min(max(start - missing // 2, 0), length - (end - start) - missing)
    return start, max(end, start + min(least, length))


def _scaled(start: int, end: int, length: int, target: int) -> tuple[int, int]:
    first = min(round(start * target / length), target - 1)
    return first, max(first + 1, min(round(end * target / length), target))


def _within(box: Box, pixels: Pixels) -> Box:
    height, width = pixels.shape[:2]
    if not (0 <= box[0] < box[2] <= width and 0 <= box[1] < box[3] <= height):
        raise ValueError(f"Expected a box inside an image of {width} x {height} pixels but got {box}.")
    return box
