"""From observations to the table that discovery works on: labels, predictions, regions and their scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from audit.core.item import CLEAN
from audit.core.observation import ModelRole, Observation
from probes.spurious.conditions import crop_place
from probes.spurious.discovery.influence import image_rows
from probes.spurious.discovery.ravl import keeps
from probes.spurious.discovery.region_table import RegionTable
from probes.spurious.judging import SCORES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from probes.spurious.discovery.gaps import Gaps

UNREAD = -1


@dataclass(frozen=True, eq=False)
class Judged:
    """What one model said of the images of one half (or of all): `items` (N,) are their ids in the order of the table,
    `clusters` the names of the region clusters, `assignment` (R,) that of each region. Scores are NaN
    where the regions of an image were not asked about by themselves, and for a class that none of them speaks for: none
    can then be the strongest."""

    items: tuple[str, ...]
    clusters: tuple[str, ...]
    classes: tuple[str, ...]
    table: RegionTable
    assignment: NDArray[np.intp]

    @cached_property
    def gaps(self) -> Gaps:
        """Accuracy with and without each cluster."""
        from probes.spurious.discovery.gaps import gaps

        return gaps(self.table, self.assignment, len(self.clusters))

    @cached_property
    def influence(self) -> NDArray[np.float64]:
        """H of each cluster."""
        from probes.spurious.discovery.influence import influence

        return influence(self.table, self.assignment, self.gaps)

    @property
    def kept(self) -> tuple[str, ...]:
        """The clusters that the rules of RaVL keep, the largest gap first."""
        order = np.argsort(-self.gaps.G, kind="stable")
        return tuple(self.clusters[one] for one in order if keeps(self.gaps, self.influence)[one])

    def rows(self, cluster: str) -> Mapping[str, tuple[float, ...]]:
        """By item: what an image adds to the counts of one cluster (6 Y numbers)."""
        made = image_rows(self.table, self.assignment, self.clusters.index(cluster))
        return {item: tuple(map(float, row)) for item, row in zip(self.items, made, strict=True)}


def judged(observations: Sequence[Observation], role: ModelRole, half: str | None = None) -> Judged | None:
    """The table of a model's strict answers; None where it gave none. Images without an answer (`error`) are left
    out."""
    own = [row for row in observations if row.model == role and row.scoring == "strict" and _in(row, half)]
    clean = {row.item: row for row in own if row.condition == CLEAN and row.sample == 0 and row.outcome != "error"}
    if not clean:
        return None
    names = cluster_names(observations)
    numbers = {name: place for place, name in enumerate(names)}
    crops: dict[str, dict[int, Observation]] = defaultdict(dict)
    for row in own:
        place = crop_place(row.condition)
        if place is not None and SCORES in row.tags:
            crops[row.item][place] = row
    items = tuple(sorted(clean))
    classes = tuple(clean[items[0]].tags["classes"].split("|"))
    regions = [clean[item].tags["regions"].split() for item in items]
    nothing = (0.0,) * len(classes)
    scores = [
        _scores(crops[item].get(place)) or nothing
        for item, own_regions in zip(items, regions, strict=True)
        for place in range(len(own_regions))
    ]
    image = np.repeat(np.arange(len(items)), [len(one) for one in regions])
    table = RegionTable(
        _numbers([classes.index(clean[item].tags["class"]) for item in items]),
        _numbers([_option(clean[item].given, len(classes)) for item in items]),
        _numbered([clean[item].cluster for item in items]),
        image,
        np.empty((len(scores), 0), dtype=np.float32),
        _known(np.array(scores, dtype=np.float64).reshape(len(scores), len(classes)), image),
    )
    return Judged(items, names, classes, table, _numbers([numbers[name] for one in regions for name in one]))


def _known(scores: NDArray[np.float64], image: NDArray[np.intp]) -> NDArray[np.float64]:
    """NaN for the classes that nothing in an image speaks for."""
    largest = np.zeros((int(image.max(initial=-1)) + 1, scores.shape[1]))
    np.maximum.at(largest, image, scores)
    return np.where(largest[image] > 0, scores, np.nan)


def cluster_names(observations: Sequence[Observation]) -> tuple[str, ...]:
    """The region clusters that the images of a run have, in a fixed order: kind, then rank."""
    found = {name for row in observations for name in row.tags.get("regions", "").split()}
    return tuple(sorted(found, key=_rank))


def _rank(name: str) -> tuple[str, int]:
    kind, _, number = name.rpartition("-")
    return kind, int(number) if number.isdecimal() else 0


def _in(row: Observation, half: str | None) -> bool:
    return half is None or row.tags.get("half") == half


def _scores(row: Observation | None) -> tuple[float, ...]:
    return () if row is None else tuple(float(score) for score in row.tags[SCORES].split())


def _option(given: str | None, n_classes: int) -> int:
    from probes.spurious.task import LETTERS

    place = LETTERS.find(given) if given else UNREAD
    return place if 0 <= place < n_classes else UNREAD


def _numbers(values: Sequence[int]) -> NDArray[np.intp]:
    return np.array(values, dtype=np.intp)


def _numbered(names: Sequence[str]) -> NDArray[np.intp]:
    places: dict[str, int] = {}
    return _numbers([places.setdefault(name, len(places)) for name in names])
