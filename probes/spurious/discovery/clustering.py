"""Region clusters: k-medoids over cosine distance, the number of clusters by silhouette."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from audit.core.errors import InputError
from probes.spurious.discovery.distances import cosine_distances, normalised
from probes.spurious.discovery.seeding import grown, k_medoids_plus_plus
from probes.spurious.discovery.silhouette import silhouette

SLACK = 1e-6  # silhouettes that differ by less are equal: they are sums of float32 distances
REFINED = 3  # numbers of clusters, the best by FasterPAM, that FasterMSC improves: it takes three times as long
ROUNDS = 100


@dataclass(frozen=True, eq=False)
class Clustering:
    """K region clusters of R regions.

    `medoids` (K,) are rows of the embeddings, `assignment` (R,) is the cluster of each region, in 0..K-1, `silhouette`
    the mean silhouette in -1..1, and `sweep` what each number of clusters that was tried reached, as (K, silhouette).
    """

    k: int
    medoids: NDArray[np.intp]
    assignment: NDArray[np.intp]
    silhouette: float
    sweep: tuple[tuple[int, float], ...]


def published_ks(n_classes: int) -> range:
    """2 |Y| to 5 |Y| - 1, the numbers of clusters that RaVL tries (section 3)."""
    return range(2 * n_classes, 5 * n_classes)


def cluster(embeddings: NDArray[np.float32], ks: Sequence[int], rng: np.random.Generator) -> Clustering | None:
    """K-medoids over clip(1 - cosine, 0, 1); of `ks` the number of clusters with the largest silhouette, the smallest
    on ties (RaVL, section 3). None where no silhouette is positive: there are no clusters.

    `embeddings` (R, d) need not be normalised. Holds one matrix of 4 R² bytes, see `cluster_distances`. Deterministic
    for a given generator. Raises `ValueError` for embeddings that are not finite, `InputError` without `kmedoids`.
    """
    return cluster_distances(cosine_distances(embeddings), ks, rng)


def cluster_distances(distances: NDArray[np.float32], ks: Sequence[int], rng: np.random.Generator) -> Clustering | None:
    """`cluster` where the distances (R, R) exist. Numbers of clusters below 2 or not below R are not tried.

    The first medoids are drawn by k-medoids++, those of the next number are the last ones and the best further one
    (`grown`). FasterPAM exchanges them (Schubert and Rousseeuw 2021). For the numbers that do best FasterMSC then
    raises the medoid silhouette (Lenssen and Schubert 2024); what has the larger silhouette stays.
    """
    tried: list[Clustering] = []
    for k in sorted({k for k in ks if 2 <= k < len(distances)}):
        start = grown(distances, tried[-1].medoids, k) if tried else k_medoids_plus_plus(distances, k, rng)
        tried.append(_exchanged(distances, start))
    for place in sorted(range(len(tried)), key=lambda i: -tried[i].silhouette)[:REFINED]:
        tried[place] = _better(tried[place], _raised(distances, tried[place].medoids))
    if not tried:
        return None
    best = tried[0]
    for other in tried[1:]:
        best = _better(best, other)
    if not best.silhouette > SLACK:
        return None
    return replace(best, sweep=tuple((one.k, one.silhouette) for one in tried))


def similarity(embeddings: NDArray[np.float32], medoid_embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosine similarity of each region to each medoid, (R, K) in -1..1, for embeddings (R, d) and (K, d)."""
    near: NDArray[np.float32] = normalised(embeddings) @ normalised(medoid_embeddings).T
    return near


def assign(embeddings: NDArray[np.float32], medoid_embeddings: NDArray[np.float32]) -> NDArray[np.intp]:
    """The nearest medoid of each region, (R,) in 0..K-1, the first on ties.

    For regions (R, d) that were not clustered themselves, and medoids (K, d) as embeddings.
    """
    near = np.maximum(similarity(embeddings, medoid_embeddings), 0)  # beyond a right angle all are equally far
    nearest: NDArray[np.intp] = near.argmax(axis=1)
    return nearest


def _exchanged(distances: NDArray[np.float32], start: NDArray[np.intp]) -> Clustering:
    # One thread and no shuffling: the result does not depend on the machine's cores.
    return _clustering(distances, _kmedoids().fasterpam(distances, start, max_iter=ROUNDS, n_cpu=1).medoids)


def _raised(distances: NDArray[np.float32], start: NDArray[np.intp]) -> Clustering:
    return _clustering(distances, _kmedoids().fastermsc(distances, start, max_iter=ROUNDS).medoids)


def _kmedoids() -> ModuleType:
    try:
        import kmedoids
    except ImportError as error:
        raise InputError("Region clusters need kmedoids", remedy="pip install 'medaudit[spurious]'") from error
    module: ModuleType = kmedoids
    return module


def _clustering(distances: NDArray[np.float32], medoids: NDArray[np.unsignedinteger]) -> Clustering:
    """Rows go to the nearest medoid, the first on ties; a medoid stays with itself."""
    rows = medoids.astype(np.intp)
    assignment = distances[rows].argmin(axis=0)
    assignment[rows] = np.arange(len(rows))
    return Clustering(len(rows), rows, assignment, silhouette(distances, assignment, len(rows)), ())


def _better(first: Clustering, second: Clustering) -> Clustering:
    """The one with the larger silhouette, the first where they are equal."""
    return second if second.silhouette > first.silhouette + SLACK else first
