"""What region clusters are called: kind and rank, where their regions lie, and the words nearest to the medoid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from audit.core.dataset import Record
from audit.core.model import Encoder
from audit.core.reading import Box
from probes.spurious.regions.overlap import shared
from probes.spurious.scene import NUISANCE, Half, RegionCluster, Scene

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

ATTRIBUTES = (
    "a letter", "a side marker", "printed text", "a metal clip", "a surgical wire", "a chest drain", "a tube",
    "an electrode", "a pacemaker", "a ruler", "a coloured patch", "a scale bar", "a pen mark", "a hair",
    "an empty background", "bone", "lung", "heart", "soft tissue", "skin",
)  # fmt: skip
"""Words that a cluster may be named by, besides the classes themselves."""
NEAREST = 2
_ROWS, _COLUMNS = ("upper", "middle", "lower"), ("left", "centre", "right")
CONCENTRATED = 0.5


def described(
    scenes: Sequence[Scene], medoids: Sequence[Floats], encoder: Encoder, classes: Sequence[str]
) -> tuple[RegionCluster, ...]:
    """The clusters that have a region, those without clinical meaning first, the most frequent (by images) first.
    `number` is still that of `Scene.clusters`."""
    members: dict[int, list[tuple[Scene, int]]] = defaultdict(list)
    for scene in scenes:
        for place, number in enumerate(scene.clusters):
            members[number].append((scene, place))
    images = {number: len({scene.record.id for scene, _ in own}) for number, own in members.items()}
    nuisance = {number: _kind(own) in NUISANCE for number, own in members.items()}
    order = sorted(members, key=lambda number: (not nuisance[number], -images[number], number))
    words = _words([medoids[number] for number in order], encoder, classes)
    ranks: Counter[str] = Counter()
    made = []
    for place, number in enumerate(order):
        own, kind = members[number], _kind(members[number])
        ranks[kind] += 1
        made.append(
            RegionCluster(
                number,
                f"{kind}-{ranks[kind]}",
                nuisance[number],
                dict(Counter(scene.regions[one].kind for scene, one in own)),
                where(own),
                words[place],
                _count(own, lambda record: record.id),
                _count(own, lambda record: record.cluster),
                _meets(own),
            )
        )
    return tuple(made)


def _kind(members: Sequence[tuple[Scene, int]]) -> str:
    counts = Counter(scene.regions[place].kind for scene, place in members)
    return min(counts, key=lambda kind: (-counts[kind], kind))


def _count(members: Sequence[tuple[Scene, int]], of: Any) -> dict[Half, int]:
    halves: tuple[Half, Half] = ("discovery", "estimation")
    return {half: len({of(scene.record) for scene, _ in members if scene.half == half}) for half in halves}


def where(members: Sequence[tuple[Scene, int]]) -> str:
    """The third of the image, both ways, in which half of the regions' centres lie; else "in varying places"."""
    cells = Counter(_cell(scene.regions[place].box, scene.size) for scene, place in members)
    (row, column), count = cells.most_common(1)[0]
    if count >= CONCENTRATED * len(members):
        return "centre" if (row, column) == (1, 1) else f"{_ROWS[row]} {_COLUMNS[column]}"
    for axis, names in ((0, _ROWS), (1, _COLUMNS)):
        one = Counter(cell[axis] for cell in cells.elements())
        place, count = one.most_common(1)[0]
        if count >= (1 + CONCENTRATED) / 2 * len(members):
            return f"{names[place]} part"
    return "in varying places"


def _cell(box: Box, size: tuple[int, int]) -> tuple[int, int]:
    x, y = (box[0] + box[2]) / 2 / size[0], (box[1] + box[3]) / 2 / size[1]
    return min(int(3 * y), 2), min(int(3 * x), 2)


def _words(medoids: Sequence[Floats], encoder: Encoder, classes: Sequence[str]) -> list[tuple[str, ...]]:
    """The nearest words to each medoid in a space that texts share; none where the encoder has no text tower."""
    import numpy as np

    attributes = [*ATTRIBUTES, *classes]
    try:
        texts = encoder.embed_texts(attributes)
    except ValueError:
        return [() for _ in medoids]
    near = np.stack(list(medoids)) @ texts.T
    centred = near - near.mean(axis=0)  # a text that is near to everything names nothing
    return [tuple(attributes[k] for k in np.argsort(-row, kind="stable")[:NEAREST]) for row in centred]


def _meets(members: Sequence[tuple[Scene, int]]) -> float | None:
    """The share of regions that share a pixel with a box of a finding, over images whose boxes are known."""
    met = [
        any(shared(scene.regions[place].box, box) for box in boxes)
        for scene, place in members
        if (boxes := tuple(finding_boxes(scene.record))) or "boxes" in scene.record.meta
    ]
    return sum(met) / len(met) if met else None


def finding_boxes(record: Record) -> Iterator[Box]:
    """Boxes of what a record's finding is, as the data bring them (`meta["boxes"]` with the finding's name)."""
    listed: Any = record.meta.get("boxes", [])
    for box in listed if isinstance(listed, list) else []:
        if isinstance(box, dict) and box.get("label") == record.labels.get("finding"):
            left, top, right, bottom = (int(box[side]) for side in ("x0", "y0", "x1", "y1"))
            if left < right and top < bottom:
                yield left, top, right, bottom
