"""Whether a kept region cluster is found again: other patients, other starts, other numbers of clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.clustering import Clustering, cluster, cluster_distances, similarity
from probes.spurious.discovery.distances import cosine_distances
from probes.spurious.discovery.ravl import KeptCluster, kept_clusters
from probes.spurious.discovery.region_table import RegionTable

Change = Literal["patients", "seed", "k"]
ALIKE = 0.5  # Jaccard index from which clusters match
NEIGHBOURS = (-2, -1, 1, 2)


@dataclass(frozen=True, eq=False)
class Reclustering:
    """Another clustering: of the regions of `images` (M,), which may come twice; `assignment` (R',) is that of
    `table.regions_of(images)` and `closeness` (R', K) their similarities to the medoids."""

    change: Change
    images: NDArray[np.intp]
    assignment: NDArray[np.intp]
    closeness: NDArray[np.float32]


def reclusterings(table: RegionTable, k: int, rng: np.random.Generator, draws: int = 10) -> tuple[Reclustering, ...]:
    """`draws` bootstrap samples of patients, and `draws` other seeds, at `k` clusters; and each K within two of `k`.

    Looks at no label and no prediction, so it can be done before a model is asked. A draw whose regions do not cluster
    counts as one in which nothing is found. Each costs about what one number of clusters costs in `cluster`.
    """
    everyone = np.arange(len(table.labels))
    distances = cosine_distances(table.embeddings)
    jobs: list[tuple[Change, int]] = [("seed", k)] * draws
    jobs += [("k", k + step) for step in NEIGHBOURS if k + step >= 2]
    same = [_again(table, change, everyone, cluster_distances(distances, (other,), rng)) for change, other in jobs]
    del distances
    samples = [drawn_patients(table.patients, rng) for _ in range(draws)]
    others = [
        _again(table, "patients", images, cluster(table.embeddings[table.regions_of(images)], (k,), rng))
        for images in samples
    ]
    return (*others, *same)


def drawn_patients(patients: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
    """Images (M,) of as many patients as there are, drawn with replacement."""
    names = np.unique(patients)
    by_patient = np.argsort(patients, kind="stable")
    ends = np.searchsorted(patients[by_patient], names, side="right")
    starts = np.searchsorted(patients[by_patient], names, side="left")
    drawn = rng.integers(0, len(names), len(names))
    return np.concatenate([by_patient[starts[one] : ends[one]] for one in drawn])


def stability(table: RegionTable, kept: KeptCluster, others: Sequence[Reclustering]) -> dict[Change, float]:
    """Share of re-clusterings, by kind of change, in which a matching cluster is found and kept; in 0..1, NaN for a
    kind that was not tried.

    Matching: a Jaccard index of at least 0.5 between the regions of both, over those that the re-clustering has (the
    cluster-wise assessment of Hennig 2007). Kept: by the rules of RaVL, on the images of the re-clustering.
    """
    found: dict[Change, list[bool]] = {change: [] for change in get_args(Change)}
    for other in others:
        found[other.change].append(_found_again(table, kept, other))
    return {change: float(np.mean(seen)) if seen else float("nan") for change, seen in found.items()}


def jaccard(first: NDArray[np.intp], second: NDArray[np.intp]) -> float:
    """Regions in both over regions in either, in 0..1; 0 where both are empty."""
    either = len(np.union1d(first, second))
    return len(np.intersect1d(first, second)) / either if either else 0.0


def _found_again(table: RegionTable, kept: KeptCluster, other: Reclustering) -> bool:
    if not other.closeness.shape[1]:
        return False
    rows = table.regions_of(other.images)
    wanted = np.intersect1d(kept.regions, rows)
    again = kept_clusters(table.of(other.images), other.assignment, other.closeness)
    return any(jaccard(wanted, rows[one.regions]) >= ALIKE for one in again)


def _again(table: RegionTable, change: Change, images: NDArray[np.intp], found: Clustering | None) -> Reclustering:
    embeddings = table.embeddings[table.regions_of(images)]
    if found is None:
        nothing = np.empty((len(embeddings), 0), dtype=np.float32)
        return Reclustering(change, images, np.zeros(len(embeddings), dtype=np.intp), nothing)
    return Reclustering(change, images, found.assignment, similarity(embeddings, embeddings[found.medoids]))
