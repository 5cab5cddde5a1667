"""RaVL as published: region clusters that raise accuracy in one class, lower it in another, and pull errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.clustering import Clustering, cluster, published_ks, similarity
from probes.spurious.discovery.gaps import Gaps, gaps
from probes.spurious.discovery.influence import influence
from probes.spurious.discovery.region_table import RegionTable

LEAST_INFLUENCE = 0.25


@dataclass(frozen=True, eq=False)
class KeptCluster:
    """A region cluster that the rules keep: its number in the clustering, G, H, the class that it helps most, g (Y,),
    and its regions as rows of the table, the most similar to the medoid first."""

    region_cluster: int
    gap: float
    influence: float
    attribute: int
    g: NDArray[np.float64]
    regions: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Discovery:
    """What was found: kept clusters, largest gap first. None kept is an answer: nothing was found. `clustering` is None
    where the regions do not cluster (no positive silhouette)."""

    clustering: Clustering | None
    kept: tuple[KeptCluster, ...]

    @property
    def ranking(self) -> NDArray[np.intp]:
        """All regions of kept clusters as rows of the table, those of the first cluster first; empty if none."""
        rows: NDArray[np.intp] = np.concatenate([np.empty(0, np.intp), *(one.regions for one in self.kept)])
        return rows


def ravl(table: RegionTable, rng: np.random.Generator, ks: Sequence[int] | None = None) -> Discovery:
    """Cluster the regions of the table and keep what looks spurious (Varma et al. 2024, section 3; arXiv 2411.04097).

    `ks` are the numbers of clusters to try, 2 Y to 5 Y - 1 if not given. Deterministic for a given generator.
    """
    found = cluster(table.embeddings, published_ks(table.n_classes) if ks is None else ks, rng)
    if found is None:
        return Discovery(None, ())
    closeness = similarity(table.embeddings, table.embeddings[found.medoids])
    return Discovery(found, kept_clusters(table, found.assignment, closeness))


def kept_clusters(
    table: RegionTable, assignment: NDArray[np.intp], closeness: NDArray[np.float32]
) -> tuple[KeptCluster, ...]:
    """The clusters that the rules keep, by falling G, the first on ties, with their regions by falling similarity.

    `assignment` (R,) and `closeness` (R, K), similarities to the medoids, may come from other images than these.
    """
    found = gaps(table, assignment, closeness.shape[1])
    pulls = influence(table, assignment, found)
    order = np.argsort(-found.G, kind="stable")
    return tuple(
        KeptCluster(
            int(one), float(found.G[one]), float(pulls[one]), int(found.attribute[one]), found.g[one],
            nearest_first(assignment, closeness, int(one)),
        )
        for one in order[keeps(found, pulls)[order]]
    )  # fmt: skip


def keeps(found: Gaps, influence: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(K,): H of at least 0.25, and accuracy rises in one class and falls in another (RaVL, section 3)."""
    kept: NDArray[np.bool_] = found.two_sided & (influence >= LEAST_INFLUENCE)
    return kept


def nearest_first(
    assignment: NDArray[np.intp], closeness: NDArray[np.float32], region_cluster: int
) -> NDArray[np.intp]:
    """Rows of the regions of a cluster, the most similar to its medoid first, in the order given on ties."""
    rows = np.flatnonzero(assignment == region_cluster)
    return rows[np.argsort(-closeness[rows, region_cluster], kind="stable")]
