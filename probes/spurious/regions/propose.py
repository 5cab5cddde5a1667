"""All regions of an image, by the kinds that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.reading import Box, Reader
from probes.spurious.regions.grids import SCALES, grid, quadrants
from probes.spurious.regions.marks import marks
from probes.spurious.regions.overlap import clipped, distinct
from probes.spurious.regions.region import Region
from probes.spurious.regions.superpixels import superpixels


@dataclass(frozen=True)
class Settings:
    """How fine proposals are: `scales` (rows, columns) of the grid and their `overlap` in [0, 1), and how many
    `superpixels` and `marks` an image gives at most."""

    scales: tuple[tuple[int, int], ...] = SCALES
    overlap: float = 0.0
    superpixels: int = 12
    marks: int = 6


@dataclass(frozen=True)
class Sight:
    """What a proposal may look at."""

    image: Image
    width: int
    height: int
    reader: Reader | None
    boxes: tuple[Box, ...]
    settings: Settings


def propose(
    image: Image,
    kinds: Sequence[str],
    reader: Reader | None = None,
    boxes: Sequence[Box] = (),
    settings: Settings = Settings(),
) -> tuple[Region, ...]:
    """The regions of an image, kind by kind in the order of `KINDS`: the same for the same pixels, on every call.

    `kinds` are any of "quadrant", "grid", "superpixel", "mark", "text" (needs `reader`) and "user" (`boxes`: left, top,
    right, bottom in pixels of the image as given, cut at its border). Specific kinds come first, so that of two
    regions that are nearly the same (intersection over union of 0.8) the more specific one stays: user, text, mark,
    quadrant, grid, superpixel. It may be empty. Raises `InputError` for an unknown kind, for "text" without a reader,
    and where "superpixel" lacks scikit-image; what reading the pixels or the text raises passes through.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise InputError(f"Unknown kind of region {unknown[0]!r}", remedy=f"known: {', '.join(KINDS)}")
    height, width = image.pixels.shape[:2]
    sight = Sight(image, width, height, reader, tuple(boxes), settings)
    return distinct(Region(box, kind) for kind, found in KINDS.items() if kind in kinds for box in found(sight))


def _user(sight: Sight) -> Sequence[Box]:
    cut = (clipped(box, sight.width, sight.height) for box in sight.boxes)
    return [box for box in cut if box is not None]


def _quadrants(sight: Sight) -> Sequence[Box]:
    return quadrants(sight.width, sight.height)


def _grid(sight: Sight) -> Sequence[Box]:
    return grid(sight.width, sight.height, sight.settings.scales, sight.settings.overlap)


def _text(sight: Sight) -> Sequence[Box]:
    if sight.reader is None:
        raise InputError("Regions of text need a reader", remedy="name one, for example ocr:rapidocr, or use marks")
    cut = (clipped(piece.box, sight.width, sight.height) for piece in sight.reader.read(sight.image.pixels))
    return [box for box in cut if box is not None]


def _marks(sight: Sight) -> Sequence[Box]:
    return marks(sight.image.rgb(), sight.settings.marks)


def _superpixels(sight: Sight) -> Sequence[Box]:
    return superpixels(sight.image.rgb(), sight.settings.superpixels)


KINDS: Mapping[str, Callable[[Sight], Sequence[Box]]] = {
    "user": _user,
    "text": _text,
    "mark": _marks,
    "quadrant": _quadrants,
    "grid": _grid,
    "superpixel": _superpixels,
}
"""Kind of region -> what finds it, the most specific first."""
