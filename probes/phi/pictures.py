"""Pages as images: as they are, and with what identifies hidden in the pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from audit.core.image import Image
from probes.phi.documents.paint import Box
from probes.phi.masking.pixels import mask
from probes.phi.page import Page

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRIES = 200
COVERED = 0.9
Boxes = Callable[[], Sequence[Box]]


def masked(page: Image, boxes: Boxes, strategy: str, radius: int) -> Image:
    """The page with `boxes` hidden by a pixel strategy; made when its pixels are read."""
    return Image(lambda: _masked(page, boxes(), strategy, radius), page.source)


def _masked(page: Image, boxes: Sequence[Box], strategy: str, radius: int) -> NDArray[np.uint8]:
    pixels = page.pixels
    eight = (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels.astype(np.uint8, copy=False)
    return mask(eight, boxes, strategy, radius)


def everything(page: Page) -> tuple[Box, ...]:
    """One box over the whole page."""
    width, height = page.size
    return ((0, 0, width, height),)


def elsewhere(page: Page, seed: int) -> tuple[Box, ...]:
    """As many boxes of the same sizes as the identifiers have, put where none of them is met; a box for which no such
    place was found in 200 tries is left out."""
    rng = np.random.default_rng(seed)
    width, height = page.size
    taken = list(page.boxes)
    placed: list[Box] = []
    for left, top, right, bottom in page.boxes:
        wide, high = right - left, bottom - top
        for _ in range(TRIES):
            x, y = int(rng.integers(0, max(1, width - wide))), int(rng.integers(0, max(1, height - high)))
            box = (x, y, x + wide, y + high)
            if not any(_meet(box, other) for other in taken):
                placed.append(box)
                break
    return tuple(placed)


def covered(places: Sequence[Box], boxes: Sequence[Box]) -> bool:
    """Whether nine tenths of the area of every place lie inside `boxes`."""
    return all(_share(place, boxes) >= COVERED for place in places)


def _share(place: Box, boxes: Sequence[Box]) -> float:
    left, top, right, bottom = place
    seen = np.zeros((bottom - top, right - left), dtype=np.bool_)
    for x0, y0, x1, y1 in boxes:
        if _meet(place, (x0, y0, x1, y1)):
            seen[max(y0 - top, 0) : max(y1 - top, 0), max(x0 - left, 0) : max(x1 - left, 0)] = True
    return float(seen.mean()) if seen.size else 1.0


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
