"""Marks in an image without reading them: lead and burned-in markers, words, clips, devices.

What they share is that they do not belong to the body: small, compact, lighter or darker than all around them by a
sharp step, and mostly near the border. No OCR and no training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.core.reading import Box
from probes.spurious.regions.overlap import area, around, iou, shared
from probes.spurious.regions.stable import Shape, stable_shapes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SIDE = 256
"""Pixels of the longer side at which marks are looked for; a smaller image is looked at as it is."""
SMALLEST, LARGEST = 0.015, 0.25  # longer side of a mark, share of the image's longer side
LEVELS = 48  # of grey
SMOOTH = 0.6  # standard deviation of the smoothing against noise, pixels at the full side, less in a smaller image
SLACK = 0.08  # share of its longer side by which a mark's box may move between levels
LEAST = 0.1  # depth of a mark, share of the image's range
NEGATIVE = 0.5  # a dark shape counts so much
MARGIN = 0.2  # a mark's centre lies within this share of the image's side from a border, or counts
INNER = 0.5  # so much
WORD = 0.7  # letters of a word are less than this share of their height apart
TINT = 0.05  # median colour (highest less lowest channel, of 1) below which an image is a grey one
SAME = 0.5  # intersection over union of two shapes of which one is enough
FLAT = 4  # grey levels of 255: an image with a smaller range shows nothing


def marks(rgb: NDArray[np.uint8], most: int = 6) -> tuple[Box, ...]:
    """Boxes of at most `most` marks of an image (height, width, 3), the most striking first, in pixels of the image.

    A mark is a `stable_shapes` shape of the grey image or of its negative, letters of a word joined. How striking: its
    depth, halved in the inner part of the image, where bones and vessels are, and halved where it is dark. The
    background of the image (a dark shape that touches the border) is none. In a grey image whatever has colour counts
    in full.
    """
    import numpy as np

    small = _looked_at(rgb)
    value, colour = _stretched(small.mean(axis=2)), np.ptp(small, axis=2) / 255
    dark = [replace(shape, depth=NEGATIVE * shape.depth) for shape in _shapes(1 - value, LEAST / NEGATIVE)]
    shapes = [*_shapes(value, LEAST), *(shape for shape in dark if _free(shape.box, value.shape))]
    striking = [replace(shape, depth=shape.depth * _place(shape.box, value.shape)) for shape in shapes]
    if np.median(colour) < TINT:
        striking += _shapes(colour, LEAST)
    kept = _best([shape for shape in striking if shape.depth >= LEAST])
    found = sorted(_joined(kept, LARGEST * max(value.shape)), key=_order)
    height, width = rgb.shape[:2]
    scale = (width / value.shape[1], height / value.shape[0])
    return tuple(_scaled(shape.box, scale, (width, height)) for shape in found[:most])


def _looked_at(rgb: NDArray[np.uint8]) -> Floats:
    """The image at the size at which it is looked at, a little smoothed: (height, width, 3) in [0, 255]."""
    import numpy as np
    from PIL import Image as Picture
    from scipy.ndimage import gaussian_filter

    picture = Picture.fromarray(rgb)
    scale = SIDE / max(picture.size)
    if scale < 1:
        size = tuple(max(round(length * scale), 1) for length in picture.size)
        picture = picture.resize((size[0], size[1]), Picture.Resampling.BOX)
    sigma = SMOOTH * max(picture.size) / SIDE
    return np.asarray(gaussian_filter(np.asarray(picture, np.float32), (sigma, sigma, 0), mode="nearest"), np.float32)


def _stretched(grey: Floats) -> Floats:
    """From 0, the darkest, to 1, the brightest; all 0 where nothing can be told apart."""
    import numpy as np

    low, span = float(grey.min()), float(np.ptp(grey))
    return (grey - low) / span if span >= FLAT else np.zeros_like(grey)


def _shapes(value: Floats, least: float) -> Sequence[Shape]:
    side = max(value.shape)
    return stable_shapes(value, LEVELS, least, (max(SMALLEST * side, 3), LARGEST * side), SLACK)


def _free(box: Box, shape: tuple[int, ...]) -> bool:
    return box[0] > 0 and box[1] > 0 and box[2] < shape[1] and box[3] < shape[0]


def _place(box: Box, shape: tuple[int, ...]) -> float:
    x, y = (box[0] + box[2]) / 2 / shape[1], (box[1] + box[3]) / 2 / shape[0]
    return 1.0 if min(x, y, 1 - x, 1 - y) < MARGIN else INNER


def _order(shape: Shape) -> tuple[float, Box]:
    return -shape.depth, shape.box


def _best(shapes: Sequence[Shape]) -> list[Shape]:
    """The deepest of those that have nearly the same box."""
    kept: list[Shape] = []
    for shape in sorted(shapes, key=_order):
        if all(iou(shape.box, other.box) < SAME for other in kept):
            kept.append(shape)
    return kept


def _joined(shapes: Sequence[Shape], longest: float) -> list[Shape]:
    """Shapes inside one another, and letters of one word, as one; none longer than `longest`."""
    joined: list[Shape] = []
    for shape in shapes:
        one = shape
        while (other := next((s for s in joined if _belong(one.box, s.box, longest)), None)) is not None:
            joined.remove(other)
            one = Shape(around([one.box, other.box]), max(one.depth, other.depth))
        joined.append(one)
    return joined


def _belong(one: Box, other: Box, longest: float) -> bool:
    both = around([one, other])
    if shared(one, other) >= 0.5 * min(area(one), area(other)):
        return max(both[2] - both[0], both[3] - both[1]) <= longest
    low, high = sorted((one[3] - one[1], other[3] - other[1]))
    level = min(one[3], other[3]) - max(one[1], other[1]) >= 0.5 * low
    gap = max(one[0], other[0]) - min(one[2], other[2])
    return level and high <= 2 * low and gap <= WORD * high and both[2] - both[0] <= longest


def _scaled(box: Box, scale: tuple[float, float], size: tuple[int, int]) -> Box:
    left, right = (round(side * scale[0]) for side in (box[0], box[2]))
    top, bottom = (round(side * scale[1]) for side in (box[1], box[3]))
    return left, top, min(right, size[0]), min(bottom, size[1])
