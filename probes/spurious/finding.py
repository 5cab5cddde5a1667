"""Region clusters of a data set: regions are proposed and embedded, clustered on one half, assigned on both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.core.dataset import Record
from audit.core.errors import InputError
from audit.core.model import Encoder
from audit.core.reading import Box, Reader
from probes.spurious.config import Options
from probes.spurious.describing import described
from probes.spurious.regions.edit import crop
from probes.spurious.regions.propose import Settings, propose
from probes.spurious.scene import NUISANCE, Found, Half, Scene
from probes.spurious.task import Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Places = NDArray[np.intp]

MARKS = 3
"""Marks of an image at most: the most striking ones."""
FEWEST_IMAGES = 20


def find(
    task: Task, options: Options, encoder: Encoder, name: str, reader: Reader | None, rng: np.random.Generator
) -> Found | str:
    """The region clusters of a task's images, or why there are none. `name` is what the encoder is called. Raises
    `InputError` where a package for a kind of region is missing."""
    from probes.spurious.discovery.halves import discovery_half

    scenes, problems = _scenes(task.records, options, reader)
    if len(scenes) < FEWEST_IMAGES:
        return problems[0] if problems else f"only {len(scenes)} images have a region to look at"
    labels = _numbers([task.class_of(scene.record) for scene in scenes])
    patients = _numbered([scene.record.cluster for scene in scenes])
    first = discovery_half(labels, patients, rng)
    halves: tuple[Half, Half] = ("estimation", "discovery")
    scenes = tuple(replace(scene, half=halves[int(own)]) for scene, own in zip(scenes, first, strict=True))
    crops = [crop(scene.record.image, region.box) for scene in scenes for region in scene.regions]
    embeddings = encoder.embed_images(crops)
    groups = tuple(_clustered(scenes, embeddings, len(task.classes), rng))
    assigned = _assigned(scenes, embeddings, groups)
    clusters = described(assigned, [group.medoid for group in groups], encoder, task.classes)
    order = {cluster.number: place for place, cluster in enumerate(clusters)}
    renumbered = tuple(replace(scene, clusters=tuple(order[number] for number in scene.clusters)) for scene in assigned)
    named = tuple(replace(cluster, number=place) for place, cluster in enumerate(clusters))
    return Found(task, renumbered, named, embeddings, name, problems)


@dataclass(frozen=True, eq=False)
class _Group:
    """A cluster before it has a name: its medoid's embedding, and its family."""

    medoid: Floats
    family: str


def _family(kind: str) -> str:
    """What regions are clustered apart by, so that a cluster is with or without clinical meaning, never both."""
    return "given" if kind == "user" else "nuisance" if kind in NUISANCE else "tissue"


def _scenes(
    records: Sequence[Record], options: Options, reader: Reader | None
) -> tuple[tuple[Scene, ...], tuple[str, ...]]:
    """Images with at least one region; what could not be read is told once."""
    settings = Settings(scales=options.cells, marks=MARKS)
    made: list[Scene] = []
    unread, bare = "", 0
    n_unread = 0
    for record in records:
        try:
            height, width = record.image.pixels.shape[:2]
        except InputError as error:
            unread, n_unread = unread or error.problem, n_unread + 1
            continue
        regions = propose(record.image, options.regions, reader, given_boxes(record), settings)
        bare += not regions
        if regions:
            made.append(Scene(record, (width, height), regions))
    told = []
    if n_unread:
        told.append(f"Regions are found in pixels, and {n_unread:,} images cannot be read; the first: {unread}.")
    if bare:
        told.append(f"{bare:,} images have no region of the kinds asked for and are left out.")
    return tuple(made), tuple(told)


def given_boxes(record: Record) -> tuple[Box, ...]:
    """The boxes of the column `regions`: "left top right bottom; ..." in pixels; what is no box is left out."""
    return tuple(_boxes(record.labels.get("regions", "")))


def _boxes(text: str) -> Iterator[Box]:
    for part in text.split(";"):
        words = part.replace(",", " ").split()
        if len(words) == 4 and all(word.isascii() and word.isdigit() and len(word) < 8 for word in words):
            left, top, right, bottom = map(int, words)
            if left < right and top < bottom:
                yield left, top, right, bottom


def _clustered(
    scenes: Sequence[Scene], embeddings: Floats, n_classes: int, rng: np.random.Generator
) -> Iterator[_Group]:
    """Clusters of each family, found on the discovery half: over the published range of K each. Boxes that the user
    gave are one cluster, and so is a family whose regions do not cluster."""
    import numpy as np

    from probes.spurious.discovery.clustering import cluster, published_ks

    families = np.array([_family(region.kind) for scene in scenes for region in scene.regions])
    early = np.array([scene.half == "discovery" for scene in scenes for _ in scene.regions])
    for family in sorted(set(families.tolist())):
        rows = np.flatnonzero((families == family) & early)
        own = embeddings[rows if len(rows) else families == family]
        found = None if family == "given" else cluster(own, published_ks(n_classes), rng)
        medoids = own[found.medoids] if found is not None else own[[int(np.argmax((own @ own.T).sum(axis=1)))]]
        for medoid in medoids:
            yield _Group(medoid, family)


def _assigned(scenes: Sequence[Scene], embeddings: Floats, groups: Sequence[_Group]) -> tuple[Scene, ...]:
    """Every region in the nearest cluster of its family, if its family has one."""
    import numpy as np

    from probes.spurious.discovery.clustering import similarity

    near = similarity(embeddings, np.stack([group.medoid for group in groups]))
    families = np.array([group.family for group in groups])
    made, place = [], 0
    for scene in scenes:
        rows = near[place : place + len(scene.regions)]
        place += len(scene.regions)
        same = np.array([[_family(region.kind)] * len(groups) for region in scene.regions]) == families
        allowed = np.where(same, rows, -np.inf)
        nearest = np.argmax(allowed, axis=1)
        numbers = tuple(int(one) for one in nearest)
        closeness = tuple(float(row[number]) for row, number in zip(rows, numbers, strict=True))
        made.append(replace(scene, clusters=numbers, closeness=closeness))
    return tuple(made)


def _numbers(values: Sequence[int]) -> Places:
    import numpy as np

    return np.array(values, dtype=np.intp)


def _numbered(names: Sequence[str]) -> Places:
    places: dict[str, int] = {}
    return _numbers([places.setdefault(name, len(places)) for name in names])
