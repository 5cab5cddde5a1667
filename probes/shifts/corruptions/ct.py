"""Computed tomography: display windows, and errors of projections that go through filtered back-projection.

A displayed slice has no Hounsfield units any more; greys are taken as a window of 400 HU around 50 HU over a field of
400 mm, and black as air.
"""

from __future__ import annotations

import numpy as np
from PIL import Image as Picture
from scipy.ndimage import gaussian_filter

from audit.data.phantoms.tomography import back_project, projector, scan_noise
from probes.shifts.corruptions.corruption import Corruption, Floats, Value, number, scale_of

WINDOW_HU, CENTRE_HU, FIELD_MM = 400.0, 50.0, 400.0
_AIR_HU = -1000.0
FULL_PHOTONS = 2e6
"""Photons per ray before the patient at full dose: about 10 HU of noise in the middle of an abdomen."""
_SIDE, _VIEWS = 160, 180
_OURS = "our own scale"


def window_centre(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """The window sits too high or too low by a share of its width."""
    return x + np.float32(rng.choice((-1, 1)) * number(value)) * _tissue(x)


def window_width(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """The window is wider or narrower by a factor."""
    factor = number(value) ** rng.choice((-1, 1))
    return x + (x - np.float32(0.5)) * np.float32(1 / factor - 1) * _tissue(x)


def low_dose(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Adds the noise by which a scan at a share of the dose exceeds one at full dose."""
    share = number(value)
    noise = scan_noise(_hounsfield(x), FIELD_MM, FULL_PHOTONS * share / (1 - share), rng, _VIEWS)
    return _with_error(x, noise)


def rings(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Some detector cells read wrongly in every view: rings round the axis of rotation."""
    down, across = np.indices((_SIDE, _SIDE), dtype=np.float32) - np.float32((_SIDE - 1) / 2)
    profile = np.zeros(_SIDE, np.float32)
    cells = rng.choice(np.arange(3, _SIDE * 6 // 10), size=20, replace=False)
    profile[cells] = rng.uniform(0.4, 1, len(cells)) * rng.choice((-1, 1), len(cells))
    errors = np.interp(np.hypot(down, across), np.arange(_SIDE), profile)
    return _with_error(x, errors.astype(np.float32) * np.float32(number(value)))


def streaks(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Metal in the slice: rays through it are measured too short (beam hardening) and with few photons, so that dark
    and bright streaks leave it. Two small pieces lie where the slice is bright."""
    hounsfield, matrix = _hounsfield(x), projector(_SIDE, _VIEWS)
    metal = _metal(hounsfield, rng)
    path = (matrix @ metal.ravel()).astype(np.float32)
    path /= max(float(path.max()), 1e-6)
    error = (-path * path + 0.25 * path * rng.standard_normal(path.shape, dtype=np.float32)).astype(np.float32)
    pattern = back_project(error, _SIDE, views=_VIEWS) * (1 - metal)
    inside = np.abs(pattern[hounsfield > _AIR_HU])
    strength = max(float(np.percentile(inside, 95)) if inside.size else 1.0, 1e-9)
    spoilt = _with_error(x, (pattern * (number(value) / strength)).astype(np.float32))
    result: Floats = np.maximum(spoilt, _over(metal, x))
    return result


def _metal(hounsfield: Floats, rng: np.random.Generator) -> Floats:
    """A soft mask of two disks of 2.5 cells (6 mm) radius."""
    down, across = np.indices(hounsfield.shape, dtype=np.float32)
    bright = np.argwhere(hounsfield >= np.percentile(hounsfield, 90))
    metal = np.zeros(hounsfield.shape, np.float32)
    for at in bright[rng.integers(0, len(bright), 2)]:
        metal = np.maximum(metal, np.clip(3.0 - np.hypot(down - at[0], across - at[1]), 0, 1).astype(np.float32))
    return metal


def _hounsfield(x: Floats) -> Floats:
    """The slice in Hounsfield units on the grid of the projector, shape (160, 160)."""
    plane = np.ascontiguousarray(x if x.ndim == 2 else x.mean(axis=2), np.float32)
    small = np.asarray(Picture.fromarray(plane).resize((_SIDE, _SIDE), Picture.Resampling.BILINEAR), np.float32)
    shown = CENTRE_HU + (small - np.float32(0.5)) * np.float32(WINDOW_HU)
    hounsfield: Floats = np.where(small < 0.03, np.float32(_AIR_HU), shown).astype(np.float32)
    return hounsfield


def _with_error(x: Floats, error: Floats) -> Floats:
    """The slice with an error in Hounsfield units. Black is air, far below the window, and shows an error only where it
    is large enough to reach the window."""
    shown = _over(error, x) / np.float32(WINDOW_HU)
    gap = np.float32((CENTRE_HU - WINDOW_HU / 2 - _AIR_HU) / WINDOW_HU)
    tissue = _tissue(x)
    result: Floats = x + tissue * shown + (1 - tissue) * np.maximum(shown - gap, 0)
    return result


def _tissue(x: Floats) -> Floats:
    """0 in the black of air, which no small error of a window brings into view, 1 where there is tissue or fat."""
    around = gaussian_filter(x, (1.5 * scale_of(x), 1.5 * scale_of(x), *[0] * (x.ndim - 2)))
    mask: Floats = np.clip((around - np.float32(0.03)) / np.float32(0.06), 0, 1)
    return mask


def _over(field: Floats, x: Floats) -> Floats:
    """A field over the slice, at the slice's own size."""
    height, width = x.shape[:2]
    wide = Picture.fromarray(np.ascontiguousarray(field, np.float32))
    spread: Floats = np.asarray(wide.resize((width, height), Picture.Resampling.BICUBIC), np.float32)
    return spread if x.ndim == 2 else spread[..., None]


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
        severities={"CT": (20, 40, 70, 110, 160)},
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
        severities={"CT": (15, 30, 50, 80, 120)},
        preserves_meaning=True,
        source=_OURS,
        apply=streaks,
    ),
)
