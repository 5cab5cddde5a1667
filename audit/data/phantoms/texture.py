"""Texture and noise: smooth fields, Rician noise, speckle."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, spline_filter

from audit.data.phantoms.geometry import Floats

_PAD = 12  # beyond it the edge has no weight in the spline


def white(rng: np.random.Generator, size: int) -> Floats:
    """Independent normal noise, shape (size, size)."""
    return rng.standard_normal((size, size), dtype=np.float32)


def clouds(rng: np.random.Generator, size: int, scale: float) -> Floats:
    """A smooth random field of mean 0 and standard deviation about 1 whose bumps are `scale` canvas units wide.

    It is drawn on a coarse lattice, so that the same generator gives the same clouds at every `size`.
    """
    cells = int(np.ceil(2 / scale)) + 3
    lattice = gaussian_filter(rng.standard_normal((cells, cells)), 0.6, mode="wrap")
    lattice /= lattice.std() + 1e-9
    spline = spline_filter(np.pad(lattice, _PAD, mode="edge"), 3, mode="nearest")
    first, weights = _taps(size, cells)
    rows = sum(weight[:, None] * spline[first + k] for k, weight in enumerate(weights))
    field: Floats = sum(weight * rows[:, first + k] for k, weight in enumerate(weights)).astype(np.float32)
    return field


@lru_cache(maxsize=64)
def _taps(size: int, cells: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Where each pixel of an axis lies on the padded lattice: the first of its four knots, shape (size,), and the
    weights of the cubic B-spline there, shape (4, size). The axes are interpolated one after the other, which gives the
    same as `scipy.ndimage.map_coordinates` on all pixels, five times faster."""
    axis = 1 + (np.arange(size) + 0.5) / size * (cells - 3)
    first = np.floor(axis).astype(np.intp)
    t = axis - first
    weights = np.stack([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, 3 * (1 - t) ** 3 - 6 * (1 - t) ** 2 + 4, t**3]) / 6
    first += _PAD - 1
    first.flags.writeable = weights.flags.writeable = False
    return first, weights


def rician(rng: np.random.Generator, signal: Floats, sigma: float) -> Floats:
    """The magnitude of a signal with complex normal noise, as an MR scanner reports it (Gudbjartsson 1995)."""
    size = signal.shape[0]
    real, imaginary = signal + sigma * white(rng, size), sigma * white(rng, size)
    magnitude: Floats = np.hypot(real, imaginary)
    return magnitude


def speckle(rng: np.random.Generator, shape: tuple[int, int], axial: float, lateral: float) -> Floats:
    """Fully developed speckle: the Rayleigh envelope of a complex normal field, of mean 1.

    `axial` and `lateral` are the standard deviations of the point spread in rows and columns (pixels).
    """
    parts = [gaussian_filter(rng.standard_normal(shape, dtype=np.float32), (axial, lateral)) for _ in range(2)]
    envelope: Floats = np.hypot(parts[0], parts[1])
    return envelope / np.float32(envelope.mean())


def blur(pixels: Floats, sigma: float) -> Floats:
    """Gaussian blur by `sigma` pixels, never across colour channels."""
    if sigma <= 0:
        return pixels
    spread = (sigma, sigma, 0.0)[: pixels.ndim]
    blurred: Floats = gaussian_filter(pixels, spread)
    return blurred
