"""Computed tomography: display windows, and errors of projections that go through filtered back-projection.

A displayed slice has no Hounsfield units any more; greys are taken as a window of 400 HU around 50 HU over a field of
400 mm, and black as air.
"""

from __future__ import annotations

import numpy as np
from PIL import Image as Picture

from audit.data.phantoms.tomography import back_project, projector, scan_noise
from probes.shifts.corruptions.corruption import Corruption, Floats, Value, number

WINDOW_HU, CENTRE_HU, FIELD_MM = 400.0, 50.0, 400.0
FULL_PHOTONS = 2e6
"""Photons per ray before the patient at full dose: about 10 HU of noise in the middle of an abdomen."""
_SIDE = 192
_OURS = "our own scale"


def window_centre(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """The window sits too high or too low by a share of its width."""
    return x + np.float32(rng.choice((-1, 1)) * number(value))


def window_width(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """The window is wider or narrower by a factor."""
    factor = number(value) ** rng.choice((-1, 1))
    result: Floats = np.float32(0.5) + (x - np.float32(0.5)) / np.float32(factor)
    return result


def low_dose(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Adds the noise by which a scan at a share of the dose exceeds one at full dose."""
    share = number(value)
    hounsfield = _hounsfield(x)
    noise = scan_noise(hounsfield, FIELD_MM, FULL_PHOTONS * share / (1 - share), rng)
    return x + _over(noise / np.float32(WINDOW_HU), x)


def rings(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """A few detector cells read wrongly in every view: rings round the axis of rotation."""
    height, width = x.shape[:2]
    down, across = np.indices((height, width), dtype=np.float32)
    radius = np.hypot(down - height / 2, across - width / 2) * np.float32(_SIDE / min(height, width))
    profile = np.zeros(_SIDE, np.float32)
    cells = rng.choice(np.arange(4, _SIDE * 6 // 10), size=14, replace=False)
    profile[cells] = rng.uniform(0.4, 1, len(cells)) * rng.choice((-1, 1), len(cells))
    errors = np.interp(radius, np.arange(_SIDE), profile).astype(np.float32)
    return x + _over(errors * np.float32(number(value) / WINDOW_HU), x)


def streaks(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Metal in the slice: rays through it are measured too short (beam hardening) and with few photons, so that dark
    and bright streaks leave it. Two small pieces lie where the slice is bright."""
    hounsfield, matrix = _hounsfield(x), projector(_SIDE)
    metal = _metal(hounsfield, rng)
    path = (matrix @ metal.ravel()).astype(np.float32)
    path /= max(float(path.max()), 1e-6)
    error = (-path * path + 0.35 * path * rng.standard_normal(path.shape, dtype=np.float32)).astype(np.float32)
    pattern = back_project(error, _SIDE)
    outside = pattern * (1 - metal)
    strength = np.float32(np.percentile(np.abs(outside[hounsfield > -900]), 95)) if (hounsfield > -900).any() else 1.0
    pattern = outside / max(strength, np.float32(1e-9)) * np.float32(number(value) / WINDOW_HU)
    result: Floats = np.maximum(x + _over(pattern, x), _over(metal, x))
    return result


def _metal(hounsfield: Floats, rng: np.random.Generator) -> Floats:
    down, across = np.indices(hounsfield.shape, dtype=np.float32)
    bright = np.argwhere(hounsfield >= np.percentile(hounsfield, 90))
    metal = np.zeros(hounsfield.shape, np.float32)
    for at in bright[rng.integers(0, len(bright), 2)]:
        metal = np.maximum(metal, np.clip(3.0 - np.hypot(down - at[0], across - at[1]), 0, 1))
    return metal


def _hounsfield(x: Floats) -> Floats:
    """The slice in Hounsfield units on the grid of the projector, shape (192, 192)."""
    plane = np.ascontiguousarray(x if x.ndim == 2 else x.mean(axis=2), np.float32)
    small = np.asarray(Picture.fromarray(plane).resize((_SIDE, _SIDE), Picture.Resampling.BILINEAR), np.float32)
    tissue = CENTRE_HU + (small - np.float32(0.5)) * np.float32(WINDOW_HU)
    hounsfield: Floats = np.where(small < 0.01, np.float32(-1000), tissue).astype(np.float32)
    return hounsfield


def _over(field: Floats, x: Floats) -> Floats:
    """A field over the slice, at the slice's own size."""
    height, width = x.shape[:2]
    wide: Floats = np.ascontiguousarray(field, np.float32)
    if wide.shape != (height, width):
        wide = np.asarray(Picture.fromarray(wide).resize((width, height), Picture.Resampling.BILINEAR), np.float32)
    return wide if x.ndim == 2 else wide[..., None]


CORRUPTIONS = (
    Corruption(
        name="ct_window_centre",
        title="Window centre wrong",
        meaning="the window of another organ or protocol: everything too dark or too bright "
        "(what the first window clipped stays clipped)",
        modalities=("CT",),
        unit="error of the centre, share of the window's width (0.1 is 40 HU of 400)",
        severities={"CT": (0.05, 0.1, 0.18, 0.27, 0.38)},
        preserves_meaning=True,
        source=f"{_OURS}; DICOM PS3.3 C.11.2.1.2",
        apply=window_centre,
    ),
    Corruption(
        name="ct_window_width",
        title="Window width wrong",
        meaning="a window too wide (flat) or too narrow (hard)",
        modalities=("CT",),
        unit="factor on the width, or its inverse",
        severities={"CT": (1.15, 1.35, 1.65, 2.1, 2.8)},
        preserves_meaning=True,
        source=f"{_OURS}; DICOM PS3.3 C.11.2.1.2",
        apply=window_width,
    ),
    Corruption(
        name="ct_low_dose",
        title="Low dose",
        meaning="fewer photons: noise that was measured in projections and back-projected, streaking along dense rays",
        modalities=("CT",),
        unit="share of the full dose (lower is worse)",
        severities={"CT": (0.5, 0.25, 0.1, 0.05, 0.025)},
        preserves_meaning=True,
        source=f"{_OURS}; noise as in Kak and Slaney 1988, chapter 5",
        apply=low_dose,
    ),
    Corruption(
        name="ct_rings",
        title="Ring artefacts",
        meaning="detector cells out of calibration: rings round the axis of rotation",
        modalities=("CT",),
        unit="largest error of a ring in HU, in a window of 400 HU",
        severities={"CT": (12, 25, 45, 70, 110)},
        preserves_meaning=True,
        source=_OURS,
        apply=rings,
    ),
    Corruption(
        name="ct_streaks",
        title="Metal streaks",
        meaning="clips, fillings or implants: dark and bright streaks from rays that are hardened and starved",
        modalities=("CT",),
        unit="95th percentile of the streaks in HU, in a window of 400 HU",
        severities={"CT": (20, 40, 70, 110, 160)},
        preserves_meaning=True,
        source=_OURS,
        apply=streaks,
    ),
)
