"""Texture and noise: smooth fields, Rician noise, speckle."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from audit.data.phantoms.geometry import Floats


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
    axis = 1 + (np.arange(size) + 0.5) / size * (cells - 3)
    rows, columns = np.meshgrid(axis, axis, indexing="ij")
    field: Floats = map_coordinates(lattice, [rows, columns], order=3, mode="nearest").astype(np.float32)
    return field


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
