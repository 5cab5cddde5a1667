"""Radiographs: exposure, grid, collimation, markers and geometry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture
from scipy.ndimage import (
    binary_dilation,
    binary_fill_holes,
    distance_transform_edt,
    find_objects,
    gaussian_filter,
    gaussian_gradient_magnitude,
    grey_opening,
    label,
)

from probes.shifts.corruptions.corruption import Corruption, Floats, Value, number, scale_of

Mask = NDArray[np.bool_]
_OURS = "our own scale"
PER_DOUBLING = 0.2
"""Grey that a doubling of the exposure takes away: 0.3 decades on a receptor whose grey scale spans 1.5 decades."""
QUANTA = 2000.0
"""Quanta per pixel (at 224 px) in black of a well-exposed film; they halve with every 0.2 towards white."""
_FILMS = ("X-ray", "mammography", "dental X-ray")


def overexposed(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Darker by so many doublings of the exposure: lungs burn out."""
    del rng
    return x - np.float32(PER_DOUBLING * number(value))


def underexposed(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Whiter by so many halvings of the exposure, with the mottle that fewer quanta add, most of it in white parts."""
    halvings = number(value)
    quanta = QUANTA * 2.0 ** (-x / PER_DOUBLING)
    sigma = PER_DOUBLING / np.log(2) * np.sqrt((2.0**halvings - 1) / np.maximum(quanta, 4.0))
    grain = max(1.0, scale_of(x))
    field = rng.standard_normal(x.shape[:2], dtype=np.float32)
    field = field if grain < 1.5 else gaussian_filter(field, grain / 2) * np.float32(np.sqrt(np.pi) * grain)
    mottle = field if x.ndim == 2 else field[..., None]
    result: Floats = (x + PER_DOUBLING * halvings + sigma * mottle).astype(np.float32)
    return result


def grid_lines(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """A stationary grid seen through the pixels: stripes of 3 to 6 pixels (at 224 px), a little askew."""
    period, skew = rng.uniform(3, 6) * scale_of(x), rng.uniform(-0.03, 0.03)
    down, across = np.indices(x.shape[:2], dtype=np.float32)
    wave = np.sin(2 * np.pi * (across + np.float32(skew) * down) / np.float32(period)).astype(np.float32)
    stripes = np.float32(number(value)) * wave
    result: Floats = x * (1 + (stripes if x.ndim == 2 else stripes[..., None]))
    return result


def collimated(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """The collimator closes in from all four sides, unevenly; what it covers is nearly white, with a soft edge."""
    height, width = x.shape[:2]
    shares = number(value) * rng.uniform(0.5, 1, 4)
    edge = 1.5 * scale_of(x)
    down, across = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None, :]
    distances = (
        down - shares[0] * height,
        (1 - shares[1]) * height - 1 - down,
        across - shares[2] * width,
        (1 - shares[3]) * width - 1 - across,
    )
    opened: Floats = np.ones((height, width), np.float32)
    for distance in distances:
        opened = opened * np.clip(distance / edge + 0.5, 0, 1).astype(np.float32)
    covered = 1 - (opened if x.ndim == 2 else opened[..., None])
    return x + (np.float32(0.93) - x) * covered


def without_markers(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Fills small marks that are much brighter than what lies round them, in a border of a share of the side."""
    del rng
    mask = markers(x if x.ndim == 2 else x.mean(axis=2), number(value))
    if not mask.any():
        return x.copy()
    rows, columns = distance_transform_edt(mask, return_distances=False, return_indices=True)
    reach = 2 * scale_of(x)
    filled = gaussian_filter(x[rows, columns], (reach, reach, *[0] * (x.ndim - 2)))
    result: Floats = np.where(mask if x.ndim == 2 else mask[..., None], filled, x).astype(np.float32)
    return result


def markers(plane: Floats, border: float) -> Mask:
    """Where letters and plates are: bright, compact, sharp, and within `border` (share of the side) of the edge.

    They are what a morphological opening by 0.15 of the side takes away (the white top-hat), as connected pieces whose
    holes are filled. A nodule near the edge is bright and compact too, but no shadow of the body has so sharp an edge.
    """
    height, width = plane.shape
    step = max(1, round(scale_of(plane)))
    small = plane[::step, ::step]
    side = max(3, int(0.15 * min(small.shape)))
    excess, slope = small - grey_opening(small, size=(side, side)), gaussian_gradient_magnitude(small, 0.8)
    mask = np.zeros(small.shape, bool)
    for threshold in (0.25, 0.4, 0.55):  # a letter over the shoulder comes apart from it at a higher one
        pieces, _ = label(binary_fill_holes(excess > threshold), np.ones((3, 3)))
        for index, place in enumerate(find_objects(pieces), start=1):
            piece = pieces[place] == index
            compact = max(piece.shape) < 0.3 * min(small.shape) and piece.sum() >= 6
            if compact and _nearness(place, small.shape) < border and slope[place][piece].max() > 0.1:
                mask[place] |= piece
    grown = binary_dilation(mask, iterations=3)
    return np.repeat(np.repeat(grown, step, axis=0), step, axis=1)[:height, :width]


def _nearness(place: tuple[slice, ...], shape: tuple[int, ...]) -> float:
    """How far the inmost part of a piece is from the nearest edge, as a share of the side."""
    inmost = (min(part.stop, side - part.start) / side for part, side in zip(place, shape, strict=True))
    return float(min(inmost))


def magnified(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """The shadow of the chest grows about the centre by a factor; the border leaves the film."""
    del rng
    height, width, factor = *x.shape[:2], number(value)
    inset = (1 - 1 / factor) / 2
    box = (inset * width, inset * height, (1 - inset) * width, (1 - inset) * height)
    planes = [x] if x.ndim == 2 else [x[..., i] for i in range(3)]
    done = [
        np.asarray(
            Picture.fromarray(np.ascontiguousarray(p)).resize((width, height), Picture.Resampling.BICUBIC, box=box),
            np.float32,
        )
        for p in planes
    ]
    return done[0] if x.ndim == 2 else np.stack(done, axis=2)


CORRUPTIONS = (
    Corruption(
        name="overexposure",
        title="Overexposed",
        meaning="too much exposure without correction: dark, the lungs burn out",
        modalities=_FILMS,
        unit="doublings of the exposure (0.2 of the grey scale each)",
        severities={"*": (0.25, 0.5, 0.85, 1.25, 1.75)},
        preserves_meaning=True,
        source=_OURS,
        apply=overexposed,
    ),
    Corruption(
        name="underexposure",
        title="Underexposed",
        meaning="too little exposure: white, with mottle in dense parts",
        modalities=_FILMS,
        unit="halvings of the exposure (0.2 of the grey scale each)",
        severities={"*": (0.25, 0.5, 0.85, 1.25, 1.75)},
        preserves_meaning=True,
        source=_OURS,
        apply=underexposed,
    ),
    Corruption(
        name="grid_lines",
        title="Grid lines",
        meaning="a stationary anti-scatter grid beats with the pixels",
        modalities=("X-ray",),
        unit="amplitude of the stripes, share of the local value",
        severities={"X-ray": (0.015, 0.03, 0.05, 0.08, 0.12)},
        preserves_meaning=True,
        source=_OURS,
        apply=grid_lines,
    ),
    Corruption(
        name="collimation",
        title="Collimation",
        meaning="the field is closed too far: white borders, uneven on the four sides",
        modalities=("X-ray",),
        unit="largest share of the side that is covered at each border",
        severities={"X-ray": (0.03, 0.05, 0.075, 0.1, 0.13)},
        preserves_meaning=True,
        source=_OURS,
        apply=collimated,
    ),
    Corruption(
        name="marker_removal",
        title="Side marker removed",
        meaning="the lead letter is cut off or blotted out (an image without one is left as it is; other small, sharp "
        "metal at the border goes with it)",
        modalities=("X-ray",),
        unit="border in which marks are removed, share of the side",
        severities={"X-ray": (0.08, 0.1, 0.13, 0.16, 0.2)},
        preserves_meaning=True,
        source=_OURS,
        apply=without_markers,
    ),
    Corruption(
        name="magnification",
        title="Magnified (short film-focus distance)",
        meaning="an AP film at the bedside: the tube is near, and the shadow is larger than on a PA film",
        modalities=("X-ray",),
        unit="magnification, relative to the image given",
        severities={"X-ray": (1.03, 1.06, 1.1, 1.15, 1.2)},
        preserves_meaning=True,
        source=f"{_OURS}; film-focus distance over film-focus less object-film distance",
        apply=magnified,
    ),
)
