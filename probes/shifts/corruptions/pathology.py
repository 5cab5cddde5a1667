"""Histology: the stain, the slide and the scanner."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from probes.shifts.corruptions.corruption import MEDMNIST_C, Corruption, Floats, Value, number, numbers, scale_of

_OURS = "our own scale"
_INKS = np.array([[0.05, 0.05, 0.08], [0.08, 0.12, 0.45], [0.05, 0.35, 0.12], [0.5, 0.06, 0.1]], np.float32)
# Optical density of haematoxylin, eosin and what is left in red, green and blue: Ruifrok and Johnston 2001.
_STAINS = np.array([[0.65, 0.70, 0.29], [0.07, 0.99, 0.11], [0.27, 0.57, 0.78]])
_STAINS /= np.linalg.norm(_STAINS, axis=1, keepdims=True)


def stain(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Haematoxylin and eosin are weaker or stronger by a factor each, in optical density."""
    turn = rng.uniform(0, 2 * np.pi)
    factors = np.array([1 + number(value) * np.cos(turn), 1 + number(value) * np.sin(turn), 1.0])
    density = -np.log10(np.clip(x, 1 / 255, 1)).astype(np.float64)
    mixed = density @ (np.linalg.inv(_STAINS) @ np.diag(factors) @ _STAINS)
    result: Floats = np.power(10.0, -mixed).astype(np.float32)
    return result


def scanner(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Each channel has its own gamma 1 + a u and gain 1 + a v / 4, with u and v drawn from [-1, 1] and scaled so that
    the largest is 1. Scanners set white on glass, so white changes least."""
    draws = rng.uniform(-1, 1, (2, 3))
    draws /= np.abs(draws).max(axis=1, keepdims=True)
    gammas, gains = (1 + number(value) * draws * [[1], [0.25]]).astype(np.float32)
    result: Floats = np.power(x, gammas) * gains
    return result


def ink(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """1 to so many opaque marks of a pen, 24 to 32 px wide at 224 px."""
    count = 1 + int(rng.random() * number(value))
    result = x.copy()
    for _ in range(count):
        colour = _INKS[rng.integers(len(_INKS))]
        at, side = rng.uniform(0.1, 0.9, 2) * x.shape[:2], rng.uniform(24, 32) * scale_of(x) / 2
        waves, turn = rng.normal(0, 0.08, 4), rng.uniform(0, np.pi)
        place, down, across = _around(at, 1.4 * side, x)
        angle = np.arctan2(down, across) + turn
        rim = side * (1 + sum(wave * np.cos((k + 2) * angle) for k, wave in enumerate(waves)))
        mark = np.clip(rim - np.hypot(down, across) + 0.5, 0, 1).astype(np.float32)
        if x.ndim == 3:
            result[place] += mark[..., None] * (colour - result[place])
        else:
            result[place] += mark * (colour.mean() - result[place])
    return result


def bubbles(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Air under the cover slip: disks with a dark rim, a bright inner edge and a blurred, washed-out inside."""
    largest, most = numbers(value)
    scale = scale_of(x)
    count = max(1, int(np.ceil(most * rng.uniform(0.5, 1))))
    rim, inner = np.zeros(x.shape[:2], np.float32), np.zeros(x.shape[:2], np.float32)
    for v, h, u in rng.random((25, 3))[:count]:
        radius = largest * scale * (0.45 + 0.55 * u)
        place, down, across = _around(np.array([v, h]) * x.shape[:2], radius + 2 * scale, x)
        inside = radius - np.hypot(down, across)
        rim[place] = np.maximum(rim[place], np.clip(1 - np.abs(inside) / (1.2 * scale), 0, 1))
        inner[place] = np.maximum(inner[place], np.clip(inside / scale, 0, 1))
    rim, inner = (field if x.ndim == 2 else field[..., None] for field in (rim, inner))
    soft = gaussian_filter(x, (2 * scale, 2 * scale, *[0] * (x.ndim - 2)))
    washed = soft + np.float32(0.35) * (np.float32(0.95) - soft)
    result: Floats = (x + inner * (washed - x)) * (1 - np.float32(0.75) * rim)
    return result


def _around(at: NDArray[np.floating[Any]], reach: float, x: Floats) -> tuple[tuple[slice, slice], Floats, Floats]:
    """The part of the image within `reach` of a point, and the distances of its pixels down and across from there."""
    low = [max(0, int(place - reach)) for place in at]
    high = [max(first, min(side, int(place + reach) + 2)) for first, side, place in zip(low, x.shape, at, strict=False)]
    down = np.arange(low[0], high[0], dtype=np.float32)[:, None] - np.float32(at[0])
    across = np.arange(low[1], high[1], dtype=np.float32)[None, :] - np.float32(at[1])
    return (slice(low[0], high[0]), slice(low[1], high[1])), down, across


CORRUPTIONS = (
    Corruption(
        name="stain",
        title="Stain variation",
        meaning="haematoxylin and eosin of another laboratory: each stronger or weaker",
        modalities=("histology",),
        unit="change of the two optical densities, as a share",
        severities={"histology": (0.1, 0.2, 0.3, 0.45, 0.6)},
        preserves_meaning=True,
        source=f"{_OURS}; stain vectors of Ruifrok and Johnston 2001",
        apply=stain,
        colour=True,
    ),
    Corruption(
        name="scanner_colour",
        title="Scanner colour",
        meaning="another scanner's light and colour profile: gain and gamma of each channel",
        modalities=("histology",),
        unit="largest change of a channel's gamma, as a share (of its gain, a quarter)",
        severities={"histology": (0.05, 0.1, 0.16, 0.23, 0.3)},
        preserves_meaning=True,
        source=_OURS,
        apply=scanner,
        colour=True,
    ),
    Corruption(
        name="ink",
        title="Ink marks",
        meaning="the pathologist's pen on the cover slip",
        modalities=("histology",),
        unit="largest number of opaque marks of 24 to 32 px at 224 px",
        severities={"histology": (1, 2, 3, 4, 5)},
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=ink,
    ),
    Corruption(
        name="bubbles",
        title="Air bubbles",
        meaning="air under the cover slip",
        modalities=("histology",),
        unit="largest radius in pixels at 224 px, largest number",
        severities={"histology": ((7, 15), (10, 15), (12, 15), (15, 20), (17, 25))},
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=bubbles,
    ),
)
