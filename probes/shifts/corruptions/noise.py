"""Noise of the detector and of the transmission: Gaussian, speckle, impulse and shot noise.

The published values hold for images of 224 px. In a larger image a noise field is drawn in square grains of a 224th of
the shorter side, so that the noise is as strong when a model has shrunk the image; below 336 px a grain is one pixel.
"""

from __future__ import annotations

import numpy as np

from probes.shifts.corruptions.corruption import MEDMNIST_C, Corruption, Floats, Value, number, scale_of, steps


def gaussian(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """x + N(0, sigma)."""
    field = rng.standard_normal(_grains(x), dtype=np.float32)
    return x + np.float32(number(value)) * _spread(field, x)


def speckle(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """x + x N(0, sigma): noise that grows with the signal."""
    field = rng.standard_normal(_grains(x), dtype=np.float32)
    return x + x * (np.float32(number(value)) * _spread(field, x))


def impulse(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """A share of the values becomes black or white, each half of the time (salt and pepper)."""
    field = _spread(rng.random(_grains(x), dtype=np.float32), x)
    share = number(value)
    return np.where(field < share / 2, np.float32(0), np.where(field < share, np.float32(1), x))


def shot(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Poisson(x lambda) / lambda: lambda quanta make full scale."""
    quanta, grain = number(value), _grain(x)
    if grain == 1:
        return (rng.poisson(x * quanta) / quanta).astype(np.float32)
    mean = _means(x, grain)
    return x + _spread((rng.poisson(mean * quanta) / quanta).astype(np.float32) - mean, x)


def _grain(x: Floats) -> int:
    return max(1, round(scale_of(x)))


def _grains(x: Floats) -> tuple[int, ...]:
    grain = _grain(x)
    return (-(-x.shape[0] // grain), -(-x.shape[1] // grain), *x.shape[2:])


def _spread(field: Floats, x: Floats) -> Floats:
    """The field with each value repeated over its grain, cut to the shape of `x`."""
    grain = _grain(x)
    if grain == 1:
        return field
    return field.repeat(grain, axis=0).repeat(grain, axis=1)[: x.shape[0], : x.shape[1]]


def _means(x: Floats, grain: int) -> Floats:
    """The mean of `x` over each grain; the last row and column of grains are filled up with the border."""
    rest = [(0, -x.shape[0] % grain), (0, -x.shape[1] % grain), *[(0, 0)] * (x.ndim - 2)]
    full = np.pad(x, rest, mode="edge")
    blocks = full.reshape(full.shape[0] // grain, grain, full.shape[1] // grain, grain, *x.shape[2:])
    means: Floats = blocks.mean(axis=(1, 3), dtype=np.float32)
    return means


_SKIN = "dermoscopy"
_EYE = "fundus photograph"

CORRUPTIONS = (
    Corruption(
        name="gaussian_noise",
        title="Gaussian noise",
        meaning="electronic noise of the detector, the same in bright and dark parts",
        modalities=("X-ray", "CT", _SKIN, _EYE),
        unit="standard deviation, share of full scale",
        severities={
            "X-ray": (0.04, 0.08, 0.12, 0.18, 0.26),
            "X-ray:pneumonia": steps(0.04, 0.08),
            "CT": steps(0.04, 0.20),
            _SKIN: (0.04, 0.08, 0.12, 0.18, 0.26),
            _EYE: steps(0.04, 0.20),
        },
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=gaussian,
    ),
    Corruption(
        name="speckle_noise",
        title="Speckle noise",
        meaning="multiplicative noise of coherent imaging and of uneven detector gain",
        modalities=("X-ray", "CT", _SKIN, _EYE, "ultrasound", "OCT"),
        unit="standard deviation, share of the local value",
        severities={
            "X-ray": (0.05, 0.15, 0.2, 0.35, 0.45),
            "X-ray:pneumonia": (0.05, 0.07, 0.1, 0.15, 0.2),
            "CT": (0.05, 0.1, 0.2, 0.3, 0.4),
            _SKIN: (0.05, 0.15, 0.2, 0.35, 0.45),
            _EYE: steps(0.1, 0.3),
            "ultrasound": steps(0.1, 0.3),
            "OCT": (0.15, 0.3, 0.4, 0.5, 0.6),
        },
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=speckle,
    ),
    Corruption(
        name="impulse_noise",
        title="Impulse noise",
        meaning="dead and hot detector elements, bits lost in transmission",
        modalities=("X-ray", "CT", _SKIN),
        unit="share of values that become black or white",
        severities={
            "X-ray": (0.01, 0.03, 0.06, 0.09, 0.17),
            "X-ray:pneumonia": (0.005, 0.01, 0.013, 0.017, 0.02),
            "CT": (0.01, 0.02, 0.03, 0.05, 0.08),
            _SKIN: (0.01, 0.03, 0.06, 0.09, 0.17),
        },
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=impulse,
    ),
    Corruption(
        name="shot_noise",
        title="Shot noise",
        meaning="few quanta: low dose or little light",
        modalities=("X-ray", "CT", _SKIN),
        unit="quanta at full scale (fewer are worse)",
        severities={
            "X-ray": (60, 25, 18, 10, 5),
            "X-ray:pneumonia": (300, 200, 150, 100, 80),
            "CT": (200, 100, 50, 25, 15),
            _SKIN: (60, 25, 18, 10, 5),
        },
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=shot,
    ),
)
