"""Ultrasound: what the examiner's hand and the machine's knobs do."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from probes.shifts.corruptions.corruption import Corruption, Floats, Value, number, numbers, scale_of

DISPLAY_DB = 60.0
"""The dynamic range that grey 0 to 1 is taken to show, in decibels: log compression makes a gain an addition."""
_OURS = "our own scale"


def gain(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Adds dB / 60 within the sector; the black around it stays black."""
    del rng
    return x + _over(_sector(x) * np.float32(number(value) / DISPLAY_DB), x)


def depth_gain(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """The gain is wrong by a ramp over depth, from + to - (the far field is lost) or the reverse."""
    sign = 1 if rng.random() < 0.7 else -1
    ramp = np.linspace(sign, -sign, x.shape[0], dtype=np.float32)[:, None] * np.float32(number(value) / DISPLAY_DB)
    return x + _over(_sector(x) * ramp, x)


def shadow(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Darkens a wedge from the near field down by so many decibels. Beams leave an apex above the image, as in a curved
    array."""
    decibels, degrees = numbers(value)
    height, width = x.shape[:2]
    down, across = np.indices((height, width), dtype=np.float32)
    apex = -0.35 * height
    angle = np.rad2deg(np.arctan2(across - width / 2, down - apex))
    depth = np.hypot(across - width / 2, down - apex)
    centre, start = rng.uniform(-14, 14), rng.uniform(0.08, 0.25) * height - apex
    beside = np.clip((degrees / 2 - np.abs(angle - centre)) / 3 + 0.5, 0, 1)
    behind = np.clip((depth - start) / (0.1 * height), 0, 1)
    return x - _over((beside * behind).astype(np.float32) * np.float32(decibels / DISPLAY_DB), x)


def _sector(x: Floats) -> Floats:
    """0 where there is no echo, 1 where there is one, without an edge between: what lay below the grey scale is
    unknown, so darkness comes up slowly and the black around the sector stays black."""
    plane = x if x.ndim == 2 else x.max(axis=2)
    echo = gaussian_filter(plane, 2 * scale_of(x)) / np.float32(0.15)
    mask: Floats = np.clip(echo, 0, 1) * np.clip(plane / np.float32(0.03), 0, 1)
    return mask


def _over(field: Floats, x: Floats) -> Floats:
    return field if x.ndim == 2 else field[..., None]


CORRUPTIONS = (
    Corruption(
        name="us_gain_high",
        title="Gain too high",
        meaning="the overall gain is turned up: echoes merge into white",
        modalities=("ultrasound",),
        unit="decibels of gain (60 dB make the grey scale)",
        severities={"ultrasound": (3, 6, 10, 14, 18)},
        preserves_meaning=True,
        source=_OURS,
        apply=gain,
    ),
    Corruption(
        name="us_gain_low",
        title="Gain too low",
        meaning="the overall gain is turned down: weak echoes are lost",
        modalities=("ultrasound",),
        unit="decibels of gain (60 dB make the grey scale)",
        severities={"ultrasound": (-3, -6, -10, -14, -18)},
        preserves_meaning=True,
        source=_OURS,
        apply=gain,
    ),
    Corruption(
        name="us_depth_gain",
        title="Time-gain compensation wrong",
        meaning="near and far field are amplified unevenly",
        modalities=("ultrasound",),
        unit="decibels at the top and, with the other sign, at the bottom (60 dB make the grey scale)",
        severities={"ultrasound": (3, 6, 10, 14, 18)},
        preserves_meaning=True,
        source=_OURS,
        apply=depth_gain,
    ),
    Corruption(
        name="us_shadow",
        title="Acoustic shadow",
        meaning="a rib or gas near the probe takes the sound: a dark wedge behind it",
        modalities=("ultrasound",),
        unit="decibels lost (60 dB make the grey scale), width of the wedge in degrees",
        severities={"ultrasound": ((6, 4), (12, 6), (20, 8), (30, 10), (40, 12))},
        preserves_meaning=True,
        source=_OURS,
        apply=shadow,
    ),
)
