"""What is known of region clusters: what they are called, where their regions lie, and on whose images."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from audit.core.dataset import Record
from audit.core.model import Encoder
from audit.core.reading import Box
from probes.spurious.regions.naming import Spot, name_of, nearest_words
from probes.spurious.regions.overlap import shared
from probes.spurious.scene import NUISANCE, Half, RegionCluster, Scene

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Member = tuple[Scene, int]

ATTRIBUTES = (
    "a letter", "a side marker", "printed text", "a metal clip", "a surgical wire", "a chest drain", "a tube",
    "an electrode", "a pacemaker", "a ruler", "a coloured patch", "a scale bar", "a pen mark", "a hair",
    "an empty background", "bone", "lung", "heart", "soft tissue", "skin",
)  # fmt: skip
"""Words that a cluster may be said to look like, besides the classes themselves."""
NEAREST = 2
FEW_VALUES = 12
"""A column of more values names persons and studies, not what they have in common."""
_NEVER = frozenset({"regions", "patient", "study"})


def described(
    scenes: Sequence[Scene], medoids: Sequence[Floats], encoder: Encoder, classes: Sequence[str]
) -> tuple[RegionCluster, ...]:
    """The clusters that have a region, those without clinical meaning first, the most frequent (by images) first.
    `number` is still that of `Scene.clusters`."""
    members: dict[int, list[Member]] = defaultdict(list)
    for scene in scenes:
        for place, number in enumerate(scene.clusters):
            members[number].append((scene, place))
    images = {number: len({scene.record.id for scene, _ in own}) for number, own in members.items()}
    nuisance = {number: _kind(own) in NUISANCE for number, own in members.items()}
    order = sorted(members, key=lambda number: (not nuisance[number], -images[number], number))
    words = _words([medoids[number] for number in order], encoder, classes)
    labels, ids = _labels(scenes), {scene.record.id: place for place, scene in enumerate(scenes)}
    ranks: Counter[str] = Counter()
    made = []
    for place, number in enumerate(order):
        own = members[number]
        kind = _kind(own)
        ranks[kind] += 1
        spots = [_spot(scene, one, ids[scene.record.id]) for scene, one in own]
        made.append(
            RegionCluster(
                number,
                f"{kind}-{ranks[kind]}",
                nuisance[number],
                name_of(spots, labels).words,
                words[place],
                _count(own, lambda record: record.id),
                _count(own, lambda record: record.cluster),
                _meets(own),
            )
        )
    return tuple(made)


def _kind(members: Sequence[Member]) -> str:
    counts = Counter(scene.regions[place].kind for scene, place in members)
    return min(counts, key=lambda kind: (-counts[kind], kind))


def _spot(scene: Scene, place: int, image: int) -> Spot:
    region = scene.regions[place]
    return Spot(image, region.kind, region.box, scene.size)


def _labels(scenes: Sequence[Scene]) -> list[Mapping[str, str]]:
    """The labels of each image that can be shared: columns of few values."""
    values: dict[str, set[str]] = defaultdict(set)
    for scene in scenes:
        for column, value in scene.record.labels.items():
            values[column].add(value)
    kept = {column for column, own in values.items() if 1 < len(own) <= FEW_VALUES} - _NEVER
    return [{column: value for column, value in scene.record.labels.items() if column in kept} for scene in scenes]


def _count(members: Sequence[Member], of: Callable[[Record], str]) -> dict[Half, int]:
    halves: tuple[Half, Half] = ("discovery", "estimation")
    return {half: len({of(scene.record) for scene, _ in members if scene.half == half}) for half in halves}


def _words(medoids: Sequence[Floats], encoder: Encoder, classes: Sequence[str]) -> list[tuple[str, ...]]:
    """The words nearest to each medoid in a space that texts share; none where the encoder has no text tower."""
    import numpy as np

    attributes = [*ATTRIBUTES, *(word for word in classes if word not in ATTRIBUTES)]
    try:
        texts = encoder.embed_texts(attributes)
    except ValueError:
        return [() for _ in medoids]
    near = nearest_words(np.stack(list(medoids)), attributes, texts, NEAREST)
    return [tuple(word for word, _ in own) for own in near]


def _meets(members: Sequence[Member]) -> float | None:
    """The share of regions that share a pixel with a box of a finding, over images whose boxes are known."""
    met = [
        any(shared(scene.regions[place].box, box) for box in finding_boxes(scene.record))
        for scene, place in members
        if "boxes" in scene.record.meta
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
