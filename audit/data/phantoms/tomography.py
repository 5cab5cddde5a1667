"""Computed tomography: noise that went through projection and filtered back-projection."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from audit.data.phantoms.geometry import Floats, grid

VIEWS = 90
WATER_PER_CM = 0.19


@lru_cache(maxsize=4)
def projector(size: int, views: int = VIEWS) -> Any:
    """Sparse matrix of parallel-beam line integrals, shape (views * size, size * size), in pixel lengths.

    Each pixel is split linearly between the two nearest of `size` detector cells, per view over 180 degrees.
    """
    x, y = (axis.ravel() * size / 2 for axis in grid(size))
    pixels = np.arange(size * size)
    rows, columns, values = [], [], []
    for view, turn in enumerate(np.arange(views) * np.pi / views):
        place = x * np.cos(turn) + y * np.sin(turn) + (size - 1) / 2
        cell = np.floor(place).astype(np.int64)
        for step, weight in ((0, 1 - (place - cell)), (1, place - cell)):
            hit = (cell + step >= 0) & (cell + step < size)
            rows.append(view * size + cell[hit] + step)
            columns.append(pixels[hit])
            values.append(weight[hit])
    entries = (np.concatenate(values).astype(np.float32), (np.concatenate(rows), np.concatenate(columns)))
    return csr_matrix(entries, shape=(views * size, size * size))


def scan_noise(
    hounsfield: Floats, span_mm: float, photons: float, rng: np.random.Generator, views: int = VIEWS
) -> Floats:
    """Reconstructed noise of a scan in Hounsfield units, shape (size, size).

    The slice is projected, photons are counted (Poisson; the variance of the log signal is one over the
    count), and the *error* of the log signal is filtered and back-projected. Reconstruction is linear, so this is
    exactly the noise a scan would add, with its streaks along dense rays, without the discretisation
    error of a coarse reconstruction (Kak and Slaney 1988, section 3.3 and chapter 5.2).
    """
    size = hounsfield.shape[0]
    matrix, pixel_cm = projector(size, views), span_mm / 10 / size
    attenuation = np.clip(1 + hounsfield / 1000, 0, None) * WATER_PER_CM
    path = (matrix @ attenuation.ravel()) * pixel_cm
    counts = photons * np.exp(-np.minimum(path, 8.5))
    error = rng.standard_normal(path.shape[0], dtype=np.float32) / np.sqrt(counts)
    noise: Floats = (back_project(error, size, pixel_cm, views) / WATER_PER_CM * 1000).astype(np.float32)
    return noise


def back_project(signal: Floats, size: int, pixel_cm: float = 1.0, views: int = VIEWS) -> Any:
    """Filtered back-projection of line integrals in the order of `projector`; returns shape (size, size), per cm."""
    ramp = np.abs(np.fft.rfftfreq(2 * size)) * np.cos(np.pi * np.fft.rfftfreq(2 * size)) ** 2
    padded = np.fft.rfft(signal.reshape(views, size), 2 * size, axis=1) * ramp
    filtered = np.fft.irfft(padded, 2 * size, axis=1)[:, :size].astype(np.float32)
    slice_ = (projector(size, views).T @ filtered.ravel()) * (np.pi / views / pixel_cm)
    return slice_.reshape(size, size)


def window(hounsfield: Floats, centre: float, width: float) -> Floats:
    """Grey values in [0, 1] of a display window (DICOM PS3.3 C.11.2.1.2, linear exact)."""
    shown: Floats = np.clip((hounsfield - np.float32(centre - width / 2)) / np.float32(width), 0, 1)
    return shown
