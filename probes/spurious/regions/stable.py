"""Shapes whose bounding box holds over a wide range of grey levels: what has sharp edges all round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audit.core.reading import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Labels = NDArray[np.int32]


_TOGETHER = 4  # runs that are followed in one shape at most: they differ in where they began


@dataclass(frozen=True)
class Shape:
    """A box (left, top, right, bottom in pixels) and its `depth` in (0, 1]: the share of the grey range over which the
    shape inside it, cut out by a threshold, keeps that box."""

    box: Box
    depth: float


@dataclass
class _Run:
    """A shape as it is followed downwards through the levels."""

    inside: tuple[int, int]
    first: Box
    slack: float
    last: Box = field(init=False)
    levels: int = 1

    def __post_init__(self) -> None:
        self.last = self.first

    def holds(self, box: Box) -> bool:
        """Whether no side has moved outwards by more than the slack."""
        first = self.first
        moved = (first[0] - box[0], first[1] - box[1], box[2] - first[2], box[3] - first[3])
        return max(moved) <= self.slack


def stable_shapes(
    grey: NDArray[np.float32], levels: int, least: float, sides: tuple[float, float], slack: float
) -> tuple[Shape, ...]:
    """Bright shapes of an image (height, width) in [0, 1], deepest first.

    The image is cut at `levels` - 1 equal thresholds; a connected set of pixels (8 neighbours) at or above one is a
    shape if its longer side lies within `sides` (pixels). It is followed to lower thresholds for as long as no side of
    its box moves by more than `slack` (share of its longer side, at least a pixel): a soft shape grows with every
    level, a sharp one waits until the threshold reaches what lies around. Kept from a depth of `least` on. These are
    extremal regions (Matas et al., "Robust wide-baseline stereo from maximally stable extremal regions", BMVC 2002)
    with the box in place of the area, so that thin strokes count as much as plates.
    """
    import numpy as np
    from scipy.ndimage import find_objects, label

    runs: list[_Run] = []
    ended: list[_Run] = []
    for step in range(levels - 1, 0, -1):
        labels, _ = label(grey >= np.float32(step / levels), np.ones((3, 3), np.int32))
        boxes = [(x.start, y.start, x.stop, y.stop) for y, x in find_objects(labels)]
        runs, over, known = _followed(runs, labels, boxes)
        ended += over
        for number, box in enumerate(boxes, 1):
            side = max(box[2] - box[0], box[3] - box[1])
            if sides[0] <= side <= sides[1] and box not in known:
                runs.append(_Run(_pixel_of(labels, number, box), box, max(slack * side, 1.0)))
    shapes = [Shape(run.last, run.levels / levels) for run in (*ended, *runs) if run.levels / levels >= least]
    return tuple(sorted(shapes, key=lambda shape: (-shape.depth, shape.box)))


def _followed(runs: Iterable[_Run], labels: Labels, boxes: Sequence[Box]) -> tuple[list[_Run], list[_Run], set[Box]]:
    """The runs that go on at this level, those that end above it, and the boxes that have not moved since. Of runs that
    meet in one shape the longest go on."""
    on: dict[int, list[_Run]] = {}
    ended: list[_Run] = []
    known: set[Box] = set()
    for run in runs:
        number = int(labels[run.inside])
        box = boxes[number - 1]
        if not run.holds(box):
            ended.append(run)
            continue
        if box == run.last:
            known.add(box)
        run.last, run.levels = box, run.levels + 1
        on.setdefault(number, []).append(run)
    longest = [sorted(met, key=lambda run: -run.levels)[:_TOGETHER] for met in on.values()]
    return [run for met in longest for run in met], ended, known


def _pixel_of(labels: Labels, number: int, box: Box) -> tuple[int, int]:
    left, top, right, _ = box
    return top, left + int((labels[top, left:right] == number).argmax())
