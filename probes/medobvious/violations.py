"""Integrity faults: what can be wrong with one panel, where a reader can see it, and how it is made.

A fault is used only where it changes what a reader may conclude, or shows that the input is unfit:

- rotated: X-ray, CT, MRI, mammography, PET. Ultrasound is scanned in any plane; skin and slides have no upright.
- mirrored: X-ray, CT and MRI of chest or abdomen, frontal, axial or coronal: heart or liver are on the wrong side. A
  head, a lateral film, a retina or a slide looks as right mirrored as not.
- inverted: X-ray, CT, MRI, ultrasound, mammography. PET and angiography are shown either way, the others in colour.
- truncated, corrupted, non_medical, duplicate: anything.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Change = Callable[[Pixels, np.random.Generator], Pixels]

DUPLICATE = "duplicate"
# What a referring question calls the fault.
WORDS = {
    "rotated": "a scan that has been rotated",
    "mirrored": "a scan that has been mirrored left to right",
    "inverted": "a scan with inverted grey levels",
    "truncated": "a scan with part of its field of view cut off",
    "corrupted": "a scan with corrupted image data",
    "non_medical": "a picture that is not a medical image",
    DUPLICATE: "a scan that is an exact copy of another panel",
}
_ORIENTED = frozenset({"X-ray", "CT", "MRI", "mammography", "PET", "dental X-ray"})
_GREY = frozenset({"X-ray", "CT", "MRI", "ultrasound", "mammography", "dental X-ray"})


def applicable(modality: str, region: str, view: str) -> tuple[str, ...]:
    """The faults that a reader can see in such an image, in a fixed order."""
    sided = modality in {"X-ray", "CT", "MRI"} and region in {"chest", "abdomen"}
    seen = {
        "rotated": modality in _ORIENTED,
        "mirrored": sided and view in {"frontal", "axial", "coronal"},
        "inverted": modality in _GREY,
    }
    return tuple(name for name in WORDS if seen.get(name, True))


def violate(name: str, panel: Pixels, rng: np.random.Generator) -> Pixels:
    """The panel (side, side, 3) with the fault `name`; the same generator state gives the same pixels."""
    return _CHANGES[name](panel, rng)


def _rotated(panel: Pixels, rng: np.random.Generator) -> Pixels:
    """A quarter turn either way: unlike a half turn, it shows on an axial slice too."""
    return np.rot90(panel, k=int(rng.choice([1, 3])))


def _mirrored(panel: Pixels, rng: np.random.Generator) -> Pixels:  # noqa: ARG001
    return panel[:, ::-1]


def _inverted(panel: Pixels, rng: np.random.Generator) -> Pixels:  # noqa: ARG001
    """The picture itself, not the padding around it, which would be a frame that gives it away."""
    top, bottom, left, right = _content(panel)
    changed = panel.copy()
    changed[top:bottom, left:right] = 255 - panel[top:bottom, left:right]
    return changed


def _truncated(panel: Pixels, rng: np.random.Generator) -> Pixels:
    """Three fifths of the content, from one side, are black."""
    top, bottom, left, right = _content(panel)
    changed = panel.copy()
    across, down = int(0.6 * (right - left)), int(0.6 * (bottom - top))
    side = int(rng.integers(4))
    if side == 0:
        changed[:, : left + across] = 0
    elif side == 1:
        changed[:, right - across :] = 0
    elif side == 2:
        changed[: top + down] = 0
    else:
        changed[bottom - down :] = 0
    return changed


def _corrupted(panel: Pixels, rng: np.random.Generator) -> Pixels:
    """Strips of lines shifted sideways by a quarter to three quarters of the width, every third one noise."""
    side = len(panel)
    changed = panel.copy()
    edges = np.linspace(0, side, 13).astype(int)
    for strip, (top, bottom) in enumerate(pairwise(edges)):
        shift = int(rng.integers(side // 4, 3 * side // 4))
        changed[top:bottom] = np.roll(panel[top:bottom], shift, axis=1)
        if strip % 3 == 1:
            noise = rng.integers(0, 256, (int(bottom - top), side, 1), dtype=np.uint8)
            changed[top:bottom] = np.repeat(noise, 3, axis=2)
    return changed


def _non_medical(panel: Pixels, rng: np.random.Generator) -> Pixels:
    """A brick wall, a checkerboard or a rainbow, in colour: nothing of the panel stays."""
    side = len(panel)
    y, x = np.mgrid[0:side, 0:side] / side
    choice = int(rng.integers(3))
    if choice == 0:
        course = np.floor(y * 10)
        mortar = ((y * 10) % 1 < 0.12) | ((x * 5 + 0.5 * (course % 2)) % 1 < 0.06)
        colour = np.where(mortar[..., None], (200, 195, 185), (165, 70, 50))
    elif choice == 1:
        dark = (np.floor(x * 8) + np.floor(y * 8)) % 2
        colour = np.where(dark[..., None] > 0, (30, 60, 150), (240, 220, 60))
    else:
        phase = 2 * np.pi * (x + 0.6 * y)[..., None] * 2 + np.array([0.0, 2.1, 4.2])
        colour = 127.5 + 127.5 * np.sin(phase)
    grain = rng.normal(0, 6, (side, side, 1))
    return np.clip(colour + grain, 0, 255).astype(np.uint8)


def _content(panel: Pixels) -> tuple[int, int, int, int]:
    """The box (top, bottom, left, right) of what is not padding; the whole panel where all is black."""
    lit = panel.max(axis=2) > 0
    rows, columns = np.flatnonzero(lit.any(axis=1)), np.flatnonzero(lit.any(axis=0))
    if not len(rows):
        return 0, len(panel), 0, len(panel)
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


_CHANGES: dict[str, Change] = {
    "rotated": _rotated,
    "mirrored": _mirrored,
    "inverted": _inverted,
    "truncated": _truncated,
    "corrupted": _corrupted,
    "non_medical": _non_medical,
}
