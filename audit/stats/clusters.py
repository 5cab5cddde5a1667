"""Clusters: the units that are resampled, their totals, and how many they are worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEW_CLUSTERS = 20.0
"""Below this many Kish clusters a finding is marked "few clusters" and can never pass."""


def total_by_cluster(clusters: Sequence[str], rows: ArrayLike) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Names (C,) in order of first appearance, and the sum of the rows of each: totals (C, k).

    `rows` has shape (n, k), one row per item, `clusters` length n. Raises `ValueError` where they do not match.
    """
    values = np.asarray(rows, dtype=np.float64)
    if values.ndim != 2 or len(values) != len(clusters):
        raise ValueError(f"Expected `rows` of shape ({len(clusters)}, k) but got {values.shape}.")
    place: dict[str, int] = {}
    index = np.fromiter((place.setdefault(name, len(place)) for name in clusters), dtype=np.intp, count=len(clusters))
    totals = np.zeros((len(place), values.shape[1]))
    np.add.at(totals, index, values)
    return tuple(place), totals


def kish(sizes: ArrayLike) -> float:
    """The number of equal clusters that these are worth: (sum m)^2 / sum m^2 (Kish 1965); 0 where all are empty.

    `sizes` has shape (C,), not negative. Between 1 and the number of clusters that are not empty.
    """
    size = np.asarray(sizes, dtype=np.float64)
    if size.size and (not np.isfinite(size).all() or size.min() < 0):
        raise ValueError("Expected `sizes` to be finite and not negative.")
    largest = float(size.max(initial=0.0))
    if largest == 0:
        return 0.0
    # Relative to the largest, so that the squares of very small sizes do not vanish.
    size = size / largest
    return float(size.sum() ** 2 / np.square(size).sum())


def kish_of_weaker(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Kish clusters of the side that has fewer: a contrast of two sides (C, K) rests on both."""
    return min(kish(sizes_of(first)), kish(sizes_of(second)))


def sizes_of(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Items per cluster (C,), read from totals (C, K) alone.

    A column that nowhere exceeds another one is a part of it (a numerator of its denominator, or the same count in
    the other arm) and is left out; what remains is summed. Exact for shares, for shares by stratum and for tables of
    counts. Callers that know the number of items should give it instead.
    """
    columns = np.abs(totals)
    if 1 < columns.shape[1] <= 64:
        order = np.argsort(-columns.sum(axis=0), kind="stable")
        kept: list[int] = []
        for k in order:
            if not any(bool(np.all(columns[:, k] <= columns[:, j])) for j in kept):
                kept.append(int(k))
        columns = columns[:, kept]
    return np.asarray(columns.sum(axis=1), dtype=np.float64)
