"""Whether the largest gap of a kept region cluster is more than chance: a permutation test over patients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.exchange import exchange
from probes.spurious.discovery.gaps import presence
from probes.spurious.discovery.influence import NOBODY, leading_regions
from probes.spurious.discovery.ravl import LEAST_INFLUENCE
from probes.spurious.discovery.region_table import RegionTable
from probes.spurious.discovery.totals import Counts, class_gaps, gap_sum, largest_share

PERMUTATIONS = 1000
BLOCK = 1 << 20  # answers held at one time
ROUNDING = 1e-12

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MaxGap:
    """The test of "no region cluster is associated with errors".

    `observed` is the largest G over kept clusters, 0 where none is kept; `p` its p-value, never below
    1 / (permutations + 1); `adjusted` (K,) the p-value of each cluster, adjusted for having looked at all K (1 for a
    cluster that is not kept); `movable` the share of patients that have another to be exchanged with.
    """

    observed: float
    p: float
    adjusted: Array
    movable: float


def max_gap_p(
    table: RegionTable,
    assignment: NDArray[np.intp],
    k: int,
    rng: np.random.Generator,
    permutations: int = PERMUTATIONS,
) -> MaxGap:
    """Max-statistic permutation p: predictions are exchanged among patients, region clusters stay, the rules are
    applied again, and the largest G of a kept cluster is compared (0 where none is kept).

    `assignment` (R,) is in 0..k-1 and must not depend on the predictions. Whole patients of equal label composition are
    exchanged (`exchange`). p = (1 + permutations at least as large) / (1 + permutations), which is at most alpha with
    probability at most alpha where patients of equal labels are exchangeable (Phipson and Smyth 2010); `adjusted` by
    the same maximum (Westfall and Young 1993). Rejection means "associated with errors": it may be true difficulty.
    """
    groups = exchange(table.labels, table.patients)
    sums = _Sums(table, assignment, k)
    own = kept_gaps(sums.counts(table.predictions[None]))[0]
    step = max(1, BLOCK // max(len(table.labels), 1))
    largest = [
        kept_gaps(sums.counts(table.predictions[groups.drawn(rng, min(step, permutations - start))])).max(axis=-1)
        for start in range(0, permutations, step)
    ]
    null = np.sort(np.concatenate([np.empty(0), *largest]))
    at_least = permutations - np.searchsorted(null, own - ROUNDING, side="left")
    adjusted = np.where(own > 0, (1 + at_least) / (1 + permutations), 1.0)
    return MaxGap(float(own.max()), float(adjusted.min()), adjusted, groups.movable)


def kept_gaps(counts: Counts) -> Array:
    """G (..., K) of clusters that the rules keep, 0 of the others, from counts (..., K, Y)."""
    gaps = class_gaps(counts)
    kept = (gaps > 0).any(axis=-1) & (gaps < 0).any(axis=-1) & (largest_share(counts, gaps) >= LEAST_INFLUENCE)
    return np.where(kept, gap_sum(gaps), 0.0)


class _Sums:
    """Counts of every cluster and class under many sets of predictions at once."""

    def __init__(self, table: RegionTable, assignment: NDArray[np.intp], k: int) -> None:
        leading = leading_regions(table)
        self._labels, self._n_classes, self._k = table.labels, table.n_classes, k
        self._pulling = np.where(leading == NOBODY, NOBODY, assignment[leading])
        self._present = presence(table, assignment, k).astype(np.float32)

    def counts(self, predictions: NDArray[np.intp]) -> Counts:
        """Counts (P, K, Y) of predictions (P, N)."""
        read = predictions >= 0
        pulling = np.where(read, self._pulling[np.arange(len(self._labels)), predictions], NOBODY)
        by_class = [self._of(label, predictions, pulling) for label in range(self._n_classes)]
        return Counts(*(np.stack(column, axis=-1) for column in zip(*by_class, strict=True)))

    def _of(self, label: int, predictions: NDArray[np.intp], pulling: NDArray[np.intp]) -> tuple[Array, ...]:
        """The six counts (P, K) of the images of one class."""
        rows = np.flatnonzero(self._labels == label)
        present, right = self._present[rows], predictions[:, rows] == label
        asked = ~right & (pulling[:, rows] != NOBODY)
        n_in = np.broadcast_to(present.sum(axis=0, dtype=np.float64), (len(right), self._k))
        right_in = (right.astype(np.float32) @ present).astype(np.float64)
        n_asked = (asked.astype(np.float32) @ present).astype(np.float64)
        return n_in, right_in, len(rows) - n_in, right.sum(axis=1, keepdims=True) - right_in, n_asked, self._hits(
            np.where(asked, pulling[:, rows], self._k)
        )  # fmt: skip

    def _hits(self, pulling: NDArray[np.intp]) -> Array:
        """(P, K): images by the cluster that pulls them; K counts nowhere."""
        draws = np.arange(len(pulling))[:, None] * (self._k + 1)
        hits = np.bincount((pulling + draws).ravel(), minlength=len(pulling) * (self._k + 1))
        return hits.reshape(len(pulling), self._k + 1)[:, : self._k].astype(np.float64)
