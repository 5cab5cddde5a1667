"""How alike two images are, without any training: coarse layout for "alike", local texture for "different"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from audit.core.image import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grid = NDArray[np.float64]

LAYOUT = 16
DETAIL = 48
_BAND = 0.02


def layouts_and_details(grids: Sequence[Grid]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Two views of images of which `grids` are the `pooled` values, shape (48, 48) each.

    Layout: 16 x 16 mean grey values; detail: what the 48 x 48 hold beyond them. Both are centred and scaled to length
    1: shapes (n, 256) and (n, 2304).
    """
    step = DETAIL // LAYOUT
    coarse = [grid.reshape(LAYOUT, step, LAYOUT, step).mean(axis=(1, 3)) for grid in grids]
    rest = [grid - np.kron(small, np.ones((step, step))) for grid, small in zip(grids, coarse, strict=True)]
    return _unit(coarse), _unit(rest)


def pooled(image: Image, side: int = DETAIL) -> Grid:
    """Mean grey values of a `side` x `side` grid laid over the image; cells of small images overlap."""
    pixels = image.pixels
    grey = pixels.astype(np.float64).mean(axis=2) if pixels.ndim == 3 else pixels.astype(np.float64)
    grey = grey / np.iinfo(pixels.dtype).max
    sums = np.pad(grey, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    rows, columns = (_edges(length, side) for length in grey.shape)
    (top, bottom), (left, right) = rows, columns
    total = (
        sums[np.ix_(bottom, right)] - sums[np.ix_(top, right)] - sums[np.ix_(bottom, left)] + sums[np.ix_(top, left)]
    )
    return np.asarray(total / np.outer(bottom - top, right - left), dtype=np.float64)


def band(similarity: str) -> str:
    """The middle of the band of width 0.02 that a similarity falls into: "0.9245" is in "0.93"."""
    return f"{(int(float(similarity) / _BAND + 1e-9) + 0.5) * _BAND:.2f}"


def _edges(length: int, side: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    start = np.arange(side) * length // side
    stop = np.maximum((np.arange(side) + 1) * length // side, start + 1)
    return np.minimum(start, length - 1), np.minimum(stop, length)


def _unit(grids: Sequence[Grid]) -> NDArray[np.float32]:
    """Rows centred and of length 1; an even picture is all zeros, alike to nothing."""
    flat = np.array([grid.ravel() - grid.mean() for grid in grids])
    lengths = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(flat / np.where(lengths > 1e-9, lengths, np.inf), dtype=np.float32)
