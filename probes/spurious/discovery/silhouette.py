"""The silhouette of a clustering, over all regions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK = 1024  # rows at a time: 40 MB beside the distances of 10,000 regions


def silhouette(distances: NDArray[np.float32], assignment: NDArray[np.intp], k: int) -> float:
    """Mean of (b - a) / max(a, b) over all rows (Rousseeuw 1987): a is the mean distance to the others of the own
    cluster, b to the nearest other cluster.

    `distances` (R, R), `assignment` (R,) in 0..k-1. A row alone in its cluster counts 0, and so does a - b where both
    are 0. Empty clusters are no neighbours. NaN where fewer than two clusters hold rows.
    """
    sizes = np.bincount(assignment, minlength=k).astype(np.float64)
    if np.count_nonzero(sizes) < 2:
        return float("nan")
    member = np.zeros((len(assignment), k), dtype=np.float32)
    member[np.arange(len(assignment)), assignment] = 1
    total = 0.0
    for start in range(0, len(assignment), BLOCK):
        own = assignment[start : start + BLOCK]
        total += float(_widths(distances[start : start + BLOCK] @ member, own, sizes).sum())
    return total / len(assignment)


def _widths(sums: NDArray[np.float32], own: NDArray[np.intp], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Silhouette widths (b,) from summed distances to each cluster (b, k)."""
    rows = np.arange(len(own))
    a = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    means[rows, own] = np.inf
    b = means.min(axis=1)
    larger = np.maximum(a, b)
    widths: NDArray[np.float64] = np.where(
        (sizes[own] > 1) & (larger > 0), (b - a) / np.where(larger > 0, larger, 1), 0
    )
    return widths
