"""Histograms of oriented gradients (Dalal and Triggs, CVPR 2005, sections 6.1 to 6.4), many pictures at a time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ORIENTATIONS = 8
CELLS = 8  # along each side
_BLOCK = 2  # cells along the side of a block
_EPSILON = 1e-5
_CLIPPED = 0.2
_MOST = 255


def oriented_gradients(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Blocks of 2 x 2 cells of 8 unsigned orientations, normalised by L2-Hys: shape (n, 7 * 7 * 2 * 2 * 8).

    `pictures`: (n, side, side), the side a multiple of 8. Equal to `skimage.feature.hog` of the same whole numbers up
    to rounding."""
    import numpy as np

    whole = pictures.astype(np.int32)
    down, across = np.zeros_like(whole), np.zeros_like(whole)
    down[:, 1:-1] = whole[:, 2:] - whole[:, :-2]
    across[:, :, 1:-1] = whole[:, :, 2:] - whole[:, :, :-2]
    return _normalised(_cells((down + _MOST) * (2 * _MOST + 1) + across + _MOST))


@lru_cache(maxsize=1)
def _table() -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Length and orientation (which of the 8, from 0 degrees on) of every gradient that bytes can have: differences of
    -255 to 255 downwards and across, one after the other."""
    import numpy as np

    steps = np.arange(-_MOST, _MOST + 1, dtype=np.float64)
    angles = np.rad2deg(np.arctan2(steps[:, None], steps)) % 180
    edges = 180 / ORIENTATIONS * np.arange(1, ORIENTATIONS)
    return np.hypot(steps[:, None], steps).ravel(), np.digitize(angles, edges).ravel()


def _cells(gradients: NDArray[np.int32]) -> NDArray[np.float64]:
    """Mean length of the gradients (numbers in the table) of each orientation in each cell, shape (n, cells, cells,
    orientations)."""
    import numpy as np

    lengths, orientations = _table()
    count, side, _ = gradients.shape
    cell = np.arange(side) * CELLS // side
    place = (np.arange(count)[:, None, None] * CELLS + cell[:, None]) * CELLS + cell
    bins = place * ORIENTATIONS + orientations[gradients]
    total = np.bincount(bins.ravel(), lengths[gradients].ravel(), count * CELLS**2 * ORIENTATIONS)
    means: NDArray[np.float64] = total.reshape(count, CELLS, CELLS, ORIENTATIONS) / (side // CELLS) ** 2
    return means


def _normalised(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """All blocks of neighbouring cells, of length 1, clipped, and of length 1 again."""
    import numpy as np

    windows = np.lib.stride_tricks.sliding_window_view(cells, (_BLOCK, _BLOCK), axis=(1, 2))
    blocks = np.moveaxis(windows, 3, -1).reshape(*windows.shape[:3], -1)
    once = np.minimum(blocks / np.sqrt((blocks**2).sum(axis=-1, keepdims=True) + _EPSILON**2), _CLIPPED)
    twice = once / np.sqrt((once**2).sum(axis=-1, keepdims=True) + _EPSILON**2)
    flat: NDArray[np.float64] = twice.reshape(len(cells), -1)
    return flat
