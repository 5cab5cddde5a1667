"""Grids: panels put side by side, a red box round one of them, made when the pixels are needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from audit.core.dataset import Record
from audit.core.image import Image
from probes.medobvious.violations import violate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

BOX_WIDTH = 6
BOX_COLOUR = (255, 0, 0)
# Panels kept while the pictures of one base grid are made: two grids of five by five.
_KEPT = 50


@dataclass(frozen=True)
class Panel:
    """One panel: the record it shows, the fault put into it ("" for none) and the seed of that fault."""

    record: str
    fault: str = ""
    seed: int = 0


class Painter:
    """Makes panels and grids out of records; holds the last few panels so that a base grid decodes each image once."""

    def __init__(self, records: Sequence[Record], side: int) -> None:
        self._images = {record.id: record.image for record in records}
        self._side = side
        self.panel: Callable[[Panel], Pixels] = lru_cache(maxsize=_KEPT)(self._panel)

    def _panel(self, panel: Panel) -> Pixels:
        pixels = fitted(self._images[panel.record].rgb(), self._side)
        if panel.fault:
            pixels = np.ascontiguousarray(violate(panel.fault, pixels, np.random.default_rng(panel.seed)))
        pixels.setflags(write=False)
        return pixels

    def grid(self, panels: Sequence[Panel], n: int, box: int | None = None) -> Image:
        """An n x n grid of panels in reading order, with a red box round panel `box`: (n*side, n*side, 3) uint8."""
        chosen = tuple(panels)

        def load() -> Pixels:
            return boxed(tiled([self.panel(panel) for panel in chosen], n), n, box)

        return Image(load, f"grid {n}x{n}")

    def single(self, panel: Panel) -> Image:
        """One panel as an image of its own: (side, side, 3) uint8."""
        return Image(lambda: self.panel(panel), "panel")


def fitted(pixels: Pixels, side: int) -> Pixels:
    """`pixels` (height, width, 3) scaled to fit a square and centred on black: (side, side, 3).

    The aspect ratio stays, so that shapes mean what they meant. Bicubic, which in Pillow averages over the whole area
    that a pixel covers when it makes an image smaller.
    """
    from PIL import Image as Picture

    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    picture = Picture.fromarray(pixels).resize(size, Picture.Resampling.BICUBIC)
    square = np.zeros((side, side, 3), dtype=np.uint8)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = np.asarray(picture)
    return square


def tiled(panels: Sequence[Pixels], n: int) -> Pixels:
    """n*n panels (side, side, 3) in reading order as one picture (n*side, n*side, 3)."""
    rows = [np.concatenate(panels[row * n : (row + 1) * n], axis=1) for row in range(n)]
    return np.concatenate(rows, axis=0)


def boxed(grid: Pixels, n: int, place: int | None) -> Pixels:
    """The grid with a pure red box, 6 pixels wide, along the inner edge of panel `place` (None: unchanged)."""
    if place is None:
        return grid
    side = len(grid) // n
    row, column = divmod(place, n)
    top, left = row * side, column * side
    marked = grid.copy()
    inside = grid[top + BOX_WIDTH : top + side - BOX_WIDTH, left + BOX_WIDTH : left + side - BOX_WIDTH]
    marked[top : top + side, left : left + side] = BOX_COLOUR
    marked[top + BOX_WIDTH : top + side - BOX_WIDTH, left + BOX_WIDTH : left + side - BOX_WIDTH] = inside
    return marked
