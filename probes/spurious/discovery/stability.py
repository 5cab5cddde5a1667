"""Whether a kept region cluster is found again: other patients, other starts, other numbers of clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.clustering import Clustering
from probes.spurious.discovery.ravl import KeptCluster
from probes.spurious.discovery.region_table import RegionTable

Change = Literal["patients", "seed", "k"]


@dataclass(frozen=True, eq=False)
class Reclustering:
    """Another clustering: of the regions of `images` (M,), which may come twice; `assignment` is that of
    `table.regions_of(images)`, `closeness` their similarities to the K medoids."""

    change: Change
    images: NDArray[np.intp]
    assignment: NDArray[np.intp]
    closeness: NDArray[np.float32]


def reclusterings(
    table: RegionTable, k: int, rng: np.random.Generator, draws: int = 20
) -> tuple[Reclustering, ...]:
    """`draws` bootstrap samples of patients and `draws` other seeds at `k` clusters, and each K within two of `k`.

    Looks at no label and no prediction, so it can be done before a model is asked."""
    raise NotImplementedError


def stability(
    table: RegionTable, clustering: Clustering, kept: KeptCluster, others: tuple[Reclustering, ...]
) -> dict[Change, float]:
    """Share of re-clusterings, by kind of change, in which a matching cluster is found and kept.

    Matching: Jaccard index of at least 0.5 between the regions, over those that both have (Hennig 2007)."""
    raise NotImplementedError
