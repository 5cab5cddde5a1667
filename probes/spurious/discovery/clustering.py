"""Region clusters: k-medoids over cosine distance, the number of clusters by silhouette."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.distances import cosine_distances, normalised
from probes.spurious.discovery.seeding import grown
from probes.spurious.discovery.silhouette import silhouette

SLACK = 1e-6  # silhouettes that differ by less are equal: they are sums of float32 distances
REFINED = 4  # numbers of clusters whose medoids are exchanged once more
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
    """2 |Y| to 5 |Y| - 1, the numbers of clusters that RaVL tries (section 3.1)."""
    return range(2 * n_classes, 5 * n_classes)


def cluster(embeddings: NDArray[np.float32], ks: Sequence[int], rng: np.random.Generator) -> Clustering | None:
    """K-medoids over clip(1 - cosine, 0, 1); of `ks` the number of clusters with the largest silhouette, the smallest
    on ties (RaVL, section 3.1). None where no silhouette is positive: there are no clusters.

    `embeddings` (R, d) need not be normalised. Numbers below 2 or not below R are not tried. The first medoids are drawn
    by k-medoids++, those of the next number are the last ones and the best further one (`grown`); FasterPAM exchanges
    them (Schubert and Rousseeuw 2021), and for the four best numbers FasterMSC then raises the medoid silhouette
    (Lenssen and Schubert 2024), kept where the silhouette is larger. Holds one matrix of 4 R² bytes. Deterministic for
    a given generator. Raises `ValueError` for embeddings that are not finite.
    """
    raise NotImplementedError


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
