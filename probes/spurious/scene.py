"""An image with its regions, and the region clusters that they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from audit.core.dataset import Record
from audit.core.item import Item
from probes.spurious.regions.region import Region
from probes.spurious.task import Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audit.core.reading import Box

Half = Literal["discovery", "estimation"]
NUISANCE = frozenset({"user", "text", "mark"})
"""Kinds of region that have no clinical meaning by what they are: a model has no business relying on them."""


@dataclass(frozen=True)
class RegionCluster:
    """A region cluster: regions that look alike.

    `name` is unique in a run ("mark-1": kind and rank by size). `nuisance` says that its regions were proposed as
    something without clinical meaning. `told` is a suggested name in words (kind, place, size, whose images), `words`
    are the attribute words nearest to its medoid, where the encoder embeds texts. `images` and `patients` count those
    with such a region, by half. `meets` is the share of its regions that meet a box of a finding, None where the data
    bring no boxes.
    """

    number: int
    name: str
    nuisance: bool
    told: str
    words: tuple[str, ...]
    images: Mapping[Half, int]
    patients: Mapping[Half, int]
    meets: float | None = None

    @property
    def title(self) -> str:
        """What it may be called: a suggestion."""
        return f"{self.told}; looks most like {' or '.join(self.words)}" if self.words else self.told


@dataclass(frozen=True, eq=False)
class Scene:
    """A record's image with its regions. `size` is (width, height) in pixels; `clusters` holds the number of each
    region's cluster and `closeness` its cosine similarity to the medoid."""

    record: Record
    size: tuple[int, int]
    regions: tuple[Region, ...]
    half: Half = "estimation"
    clusters: tuple[int, ...] = ()
    closeness: tuple[float, ...] = ()

    def places(self, cluster: int) -> tuple[int, ...]:
        """The numbers of the regions in a cluster."""
        return tuple(place for place, own in enumerate(self.clusters) if own == cluster)

    def boxes(self, cluster: int) -> tuple[Box, ...]:
        """Their boxes."""
        return tuple(self.regions[place].box for place in self.places(cluster))

    @property
    def marked(self) -> tuple[Box, ...]:
        """Boxes of regions without clinical meaning: a control avoids them."""
        return tuple(region.box for region in self.regions if region.kind in NUISANCE)


@dataclass(frozen=True, eq=False)
class Found:
    """The region clusters of a run, found before any model was asked. `embeddings` (R, d) are those of all regions,
    scene by scene; `encoder` is the spec of what embedded them, `notes` sentences for the report."""

    task: Task
    scenes: tuple[Scene, ...]
    clusters: tuple[RegionCluster, ...]
    embeddings: NDArray[np.float32]
    encoder: str
    notes: tuple[str, ...] = ()

    @property
    def nuisances(self) -> tuple[RegionCluster, ...]:
        """Clusters without clinical meaning, the most frequent first."""
        return tuple(cluster for cluster in self.clusters if cluster.nuisance)


@dataclass(frozen=True)
class RegionItem(Item):
    """An item that knows its scene, and all that was found."""

    scene: Scene | None = field(default=None, compare=False, repr=False)
    found: Found | None = field(default=None, compare=False, repr=False)
