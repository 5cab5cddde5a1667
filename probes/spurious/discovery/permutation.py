"""Whether the largest gap of a kept region cluster is more than chance: a permutation test over patients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.exchange import exchange
from probes.spurious.discovery.gaps import gaps, presence
from probes.spurious.discovery.influence import influence
from probes.spurious.discovery.ravl import keeps
from probes.spurious.discovery.region_table import RegionTable
from probes.spurious.discovery.totals import Counts, class_gaps, gap_sum

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
    among: NDArray[np.bool_] | None = None,
) -> MaxGap:
    """Max-statistic permutation p: predictions are exchanged among patients while region clusters stay, and the largest
    G is compared (0 where no cluster counts).

    `assignment` (R,) is in 0..k-1 and must not depend on the predictions. Whole patients of equal label composition are
    exchanged (`exchange`). p = (1 + permutations at least as large) / (1 + permutations), which is at most alpha with
    probability at most alpha where patients of equal labels are exchangeable (Phipson and Smyth 2010); `adjusted` by
    the same maximum (Westfall and Young 1993). With `among` (K,) the maximum is over these clusters; the others are not
    tested (adjusted 1). Rejection means "associated with errors": it may be true difficulty.

    A cluster counts in what was observed if the rules of RaVL keep it, in a permutation if accuracy rises in one class
    and falls in another: influence is not asked of permuted predictions. They have lost their tie to the scores of the
    image's own regions, so few clusters would be kept, and a cluster that leads every answer, right or wrong, would be
    called associated with errors (docs/spurious-discovery.md has the figures). Counting more can only raise p.
    """
    groups = exchange(table.labels, table.patients)
    sums = _Sums(table, assignment, k)
    tested = np.ones(k, dtype=np.bool_) if among is None else among
    own = kept_gaps(table, assignment, k) * tested
    step = max(1, BLOCK // max(len(table.labels), 1))
    drawn = (groups.drawn(rng, min(step, permutations - start)) for start in range(0, permutations, step))
    largest = [(two_sided_gaps(sums.counts(table.predictions[one])) * tested).max(axis=-1) for one in drawn]
    null = np.sort(np.concatenate([np.empty(0), *largest]))
    at_least = permutations - np.searchsorted(null, own - ROUNDING, side="left")
    adjusted = np.where(own > 0, (1 + at_least) / (1 + permutations), 1.0)
    return MaxGap(float(own.max()), float(adjusted.min()), adjusted, groups.movable)


def kept_gaps(table: RegionTable, assignment: NDArray[np.intp], k: int) -> Array:
    """G (K,) of the clusters that the rules keep, 0 of the others."""
    found = gaps(table, assignment, k)
    return np.where(keeps(found, influence(table, assignment, found)), found.G, 0.0)


def two_sided_gaps(counts: Counts) -> Array:
    """G (..., K) of clusters with some g > 0 and some g < 0, 0 of the others, from counts (..., K, Y)."""
    found = class_gaps(counts)
    return np.where((found > 0).any(axis=-1) & (found < 0).any(axis=-1), gap_sum(found), 0.0)


class _Sums:
    """Counts of every cluster and class under many sets of predictions at once."""

    def __init__(self, table: RegionTable, assignment: NDArray[np.intp], k: int) -> None:
        present = presence(table, assignment, k).astype(np.float32)
        self._rows = [np.flatnonzero(table.labels == label) for label in range(table.n_classes)]
        self._present = [present[rows] for rows in self._rows]

    def counts(self, predictions: NDArray[np.intp]) -> Counts:
        """Counts (P, K, Y) of predictions (P, N), without those of influence."""
        by_class = [self._of(label, predictions) for label in range(len(self._rows))]
        n_in, right_in, n_out, right_out = (np.stack(column, axis=-1) for column in zip(*by_class, strict=True))
        nothing = np.zeros_like(n_in)
        return Counts(n_in, right_in, n_out, right_out, nothing, nothing)

    def _of(self, label: int, predictions: NDArray[np.intp]) -> tuple[Array, Array, Array, Array]:
        """`n_in`, `right_in`, `n_out`, `right_out` (P, K) of one class; float32 counts up to 2²⁴ exactly."""
        rows, present = self._rows[label], self._present[label]
        right = (predictions[:, rows] == label).astype(np.float32)
        right_in = (right @ present).astype(np.float64)
        n_in = np.broadcast_to(present.sum(axis=0, dtype=np.float64), right_in.shape)
        return n_in, right_in, len(rows) - n_in, right.sum(axis=1, keepdims=True, dtype=np.float64) - right_in
