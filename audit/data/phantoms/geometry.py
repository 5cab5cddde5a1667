"""Soft shapes on a unit canvas: x to the right and y down, both from -1 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Reals = NDArray[np.floating[Any]]
Point = tuple[float, float]


@lru_cache(maxsize=8)
def grid(size: int) -> tuple[Floats, Floats]:
    """x and y of the pixel centres, each of shape (size, size); shared, so never write to them."""
    axis = ((np.arange(size, dtype=np.float32) + 0.5) * (2.0 / size) - 1.0).astype(np.float32)
    x, y = np.meshgrid(axis, axis)
    x.flags.writeable = y.flags.writeable = False
    return x, y


def inside(distance: Reals, edge: float) -> Floats:
    """1 where `distance` (positive inwards) is well positive, 0 where well negative, a ramp of width `edge` between."""
    mask: Floats = np.clip(distance / np.float32(edge) + np.float32(0.5), 0, 1).astype(np.float32, copy=False)
    return mask


def radius(x: Floats, y: Floats, at: Point, rx: float, ry: float, turn: float = 0.0) -> Floats:
    """Elliptic radius round `at`: 1 on the ellipse with half axes `rx`, `ry`, turned by `turn` radians."""
    c, s = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    dx, dy = x - np.float32(at[0]), y - np.float32(at[1])
    result: Floats = np.hypot((c * dx + s * dy) / np.float32(rx), (c * dy - s * dx) / np.float32(ry))
    return result


def oval(x: Floats, y: Floats, at: Point, rx: float, ry: float, turn: float = 0.0, edge: float = 0.04) -> Floats:
    """Soft mask of an ellipse; `edge` is the width of its border in canvas units."""
    return inside((1 - radius(x, y, at, rx, ry, turn)) * np.float32(min(rx, ry)), edge)


def blob(x: Floats, y: Floats, at: Point, rx: float, ry: float, waves: Sequence[Point], edge: float = 0.04) -> Floats:
    """Soft mask of an ellipse whose border swings by `waves`: (amplitude, phase) of harmonics 2, 3, 4 ..."""
    turn = np.arctan2(y - np.float32(at[1]), x - np.float32(at[0]))
    swing = sum((a * np.cos(k * turn + p) for k, (a, p) in enumerate(waves, start=2)), start=np.float32(1.0))
    return inside(((swing - radius(x, y, at, rx, ry)) * np.float32(min(rx, ry))).astype(np.float32), edge)


def band(x: Floats, y: Floats, points: Sequence[Point], width: float, edge: float = 0.02) -> Floats:
    """Soft mask of a polyline `width` wide."""
    nearest = np.full(x.shape, 9.0, np.float32)
    for (x0, y0), (x1, y1) in pairwise(points):
        dx, dy = x1 - x0, y1 - y0
        along = np.clip(((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
        np.minimum(nearest, np.hypot(x - (x0 + along * dx), y - (y0 + along * dy)), out=nearest, casting="unsafe")
    return inside(np.float32(width / 2) - nearest, edge)


def mix(under: Reals, over: Reals | float, mask: Reals) -> Floats:
    """`over` laid on `under` where `mask` is 1."""
    return (under + (over - under) * mask).astype(np.float32, copy=False)


def ripples(rng: np.random.Generator, depth: float, count: int = 4) -> tuple[Point, ...]:
    """Random harmonics for `blob`, each of amplitude up to `depth`."""
    return tuple((float(rng.uniform(0.2, 1) * depth), float(rng.uniform(0, 2 * np.pi))) for _ in range(count))
