"""Magnetic resonance: receive coils, the patient's motion, and noise of the magnitude image.

Motion and ghosts are made in k-space, the Fourier transform of the image, whose rows are measured one after the other:
the phase encoding runs down the image or across it, drawn per image.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from probes.shifts.corruptions.corruption import Corruption, Floats, Value, number

Complex = NDArray[np.complexfloating[Any, Any]]
_OURS = "our own scale"


def bias_field(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Times exp(a f), where f is a smooth field (a random cubic polynomial) between -1 and 1."""
    height, width = x.shape[:2]
    down, across = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij", sparse=True)
    field = np.zeros((height, width))
    for i in range(4):
        for j in range(4 - i):
            if i + j:
                field += rng.normal() / (i + j) * down**i * across**j
    low, high = field.min(), field.max()
    field = 2 * (field - low) / max(high - low, 1e-9) - 1
    return x * _per_pixel(np.exp(number(value) * field), x)


def ghosting(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Rows of k-space swing with a period of p rows, as pulsation makes them: the image repeats itself, fainter, at 1/p
    of the field of view."""
    share, period, phase = number(value), int(rng.integers(2, 5)), rng.uniform(0, 2 * np.pi)
    across = bool(rng.integers(2))

    def swing(spectrum: Complex) -> Complex:
        rows = np.arange(spectrum.shape[0])
        factor = 1 + 2 * share * np.cos(2 * np.pi * rows / period + phase)
        factor[0] = 1
        return spectrum * factor[:, None]

    return _in_k_space(x, swing, across)


def motion(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """The patient moves a few times during the scan: each stretch of k-space rows sees another position. The middle of
    k-space, which makes the image's contrast, sees the first."""
    reach, across, moves = number(value), bool(rng.integers(2)), 6
    cuts = np.sort(rng.uniform(0, 1, moves))
    shifts = rng.normal(size=(moves + 1, 2))

    def move(spectrum: Complex) -> Complex:
        height, width = spectrum.shape
        order = np.arange(height) / height
        stretch = np.searchsorted(cuts, fft.fftshift(order))
        middle = np.abs(fft.fftfreq(height)) < 0.04
        shift = shifts[stretch] * reach * min(height, width)
        shift[middle] = 0
        turn = fft.fftfreq(height)[:, None] * shift[:, :1] + fft.fftfreq(width)[None, :] * shift[:, 1:]
        moved: Complex = spectrum * np.exp(-2j * np.pi * turn)
        return moved

    return _in_k_space(x, move, across)


def spikes(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Points of k-space that hold a spark: stripes across the whole image (herringbone), 1 to 3 of them."""
    strength, count = number(value), int(rng.integers(1, 4))
    down, across = np.indices(x.shape[:2], dtype=np.float32)
    stripes = np.zeros(x.shape[:2], np.float64)
    for _ in range(count):
        speed, angle = rng.uniform(0.06, 0.3), rng.uniform(0, np.pi)
        wave = down * np.float32(speed * np.sin(angle)) + across * np.float32(speed * np.cos(angle))
        stripes += np.cos(2 * np.pi * wave + rng.uniform(0, 2 * np.pi))
    result: Floats = np.abs(x + _per_pixel(strength / np.sqrt(count) * stripes, x))
    return result


def rician(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """The magnitude of a signal with Gaussian noise of sigma in its real and imaginary part (Gudbjartsson and Patz
    1995): it lifts the black background."""
    sigma = np.float32(number(value))
    real, imaginary = rng.standard_normal((2, *x.shape), dtype=np.float32) * sigma
    result: Floats = np.hypot(x + real, imaginary)
    return result


def _in_k_space(x: Floats, change: Callable[[Complex], Complex], across: bool) -> Floats:
    planes = [x] if x.ndim == 2 else [x[..., channel] for channel in range(3)]
    done = []
    for plane in planes:
        turned = plane.T if across else plane
        whole = np.abs(fft.ifft2(change(fft.fft2(turned)))).astype(np.float32)
        done.append(whole.T if across else whole)
    return done[0] if x.ndim == 2 else np.stack(done, axis=2)


def _per_pixel(field: NDArray[np.floating[Any]], x: Floats) -> Floats:
    wide: Floats = field.astype(np.float32)
    return wide if x.ndim == 2 else wide[..., None]


CORRUPTIONS = (
    Corruption(
        name="mri_bias_field",
        title="Bias field",
        meaning="surface coils hear near tissue better: brightness drifts across the image",
        modalities=("MRI",),
        unit="a, where the signal is multiplied by exp(-a) to exp(a)",
        severities={"MRI": (0.1, 0.2, 0.35, 0.5, 0.7)},
        preserves_meaning=True,
        source=_OURS,
        apply=bias_field,
    ),
    Corruption(
        name="mri_ghosting",
        title="Ghosting",
        meaning="pulsation or breathing repeats the image along the phase encoding",
        modalities=("MRI",),
        unit="strength of a ghost, share of the image",
        severities={"MRI": (0.04, 0.08, 0.12, 0.18, 0.25)},
        preserves_meaning=True,
        source=_OURS,
        apply=ghosting,
    ),
    Corruption(
        name="mri_motion",
        title="Motion in k-space",
        meaning="the patient moves during the scan",
        modalities=("MRI",),
        unit="standard deviation of the shifts, share of the field of view",
        severities={"MRI": (0.004, 0.008, 0.014, 0.022, 0.032)},
        preserves_meaning=True,
        source=_OURS,
        apply=motion,
    ),
    Corruption(
        name="mri_spikes",
        title="Spikes in k-space",
        meaning="sparks in the receive chain: stripes over the whole image",
        modalities=("MRI",),
        unit="amplitude of the stripes, share of full scale",
        severities={"MRI": (0.03, 0.06, 0.1, 0.15, 0.22)},
        preserves_meaning=True,
        source=_OURS,
        apply=spikes,
    ),
    Corruption(
        name="rician_noise",
        title="Rician noise",
        meaning="thermal noise of a magnitude image: low field, thin slices, a fast scan",
        modalities=("MRI",),
        unit="sigma of each part of the complex signal, share of full scale",
        severities={"MRI": (0.03, 0.06, 0.09, 0.13, 0.18)},
        preserves_meaning=True,
        source=f"{_OURS}; Gudbjartsson and Patz 1995",
        apply=rician,
    ),
)
