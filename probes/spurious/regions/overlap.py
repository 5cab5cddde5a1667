"""How far boxes overlap, and which of several regions say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from audit.core.reading import Box
from probes.spurious.regions.region import Region

SAME = 0.8
"""From this intersection over union on, two regions are one."""


def area(box: Box) -> int:
    """In pixels; 0 for a box without any."""
    return max(box[2] - box[0], 0) * max(box[3] - box[1], 0)


def shared(one: Box, other: Box) -> int:
    """The area of the intersection, in pixels."""
    return area((max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])))


def iou(one: Box, other: Box) -> float:
    """Intersection over union, in [0, 1]."""
    both = shared(one, other)
    return both / (area(one) + area(other) - both) if both else 0.0


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of them."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def clipped(box: Box, width: int, height: int) -> Box | None:
    """The part of a box inside an image; None where there is none."""
    left, top, right, bottom = max(box[0], 0), max(box[1], 0), min(box[2], width), min(box[3], height)
    return (left, top, right, bottom) if left < right and top < bottom else None


def distinct(regions: Iterable[Region], same: float = SAME) -> tuple[Region, ...]:
    """The regions in their order, without any whose intersection over union with an earlier one reaches `same`."""
    kept: list[Region] = []
    for region in regions:
        if all(iou(region.box, other.box) < same for other in kept):
            kept.append(region)
    return tuple(kept)
