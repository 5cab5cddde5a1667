"""Differences between slices of the same patients, and difference-in-differences between data sets."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audit.core.measure import share
from audit.stats.bootstrap import RESAMPLES, Bootstrap, bca, bca_p, bootstrap, still, two_sided
from audit.stats.clusters import kish_of_weaker
from audit.stats.did import Did, did
from audit.stats.interval import Interval, difference_bounds, invert
from audit.stats.proportion import korn_graubard

if TYPE_CHECKING:
    from audit.core.measure import Statistic

__all__ = ["Did", "SliceDifference", "did", "slice_difference", "standardised_difference"]

Array = NDArray[np.float64]
METHOD_BY_SLICE = "Korn-Graubard by slice"


@dataclass(frozen=True, eq=False)
class SliceDifference:
    """`statistic(first slice) - statistic(second slice)`, over one draw of patients.

    `interval` and two-sided `p` are BCa; where one slice does not vary at all (every item right) a share gets both
    slices by Korn-Graubard instead, and another statistic none, with the `reason`. `n_straddling` counts clusters
    with items in both slices. `coverage` is the share of the items that lie in strata that could be compared (1 for
    a raw difference), `n_strata` their number (0 for a raw one).
    """

    boot: Bootstrap
    interval: Interval | None
    p: float
    n_straddling: int
    reason: str = ""
    coverage: float = 1.0
    n_strata: int = 0
    sides: tuple[Array, Array] | None = None

    @property
    def estimate(self) -> float:
        """The difference as observed."""
        return self.boot.estimate

    def interval_at(self, level: float) -> Interval | None:
        """The interval at another level, by the same method."""
        if self.reason:
            return None
        return bca(self.boot, level) if self.sides is None else _by_slice(*self.sides, level)

    def p_at(self, value: float) -> tuple[float, float]:
        """(p_above, p_below): one-sided p of H0 "difference <= value" and ">= value"."""
        if self.reason:
            return math.nan, math.nan
        return bca_p(self.boot, value) if self.sides is None else invert(self.interval_at, value)


def slice_difference(
    totals_1: Array,
    totals_2: Array,
    statistic: Statistic,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
    *,
    level: float = 0.95,
) -> SliceDifference:
    """The raw difference between two slices. Patients are drawn once and both sides computed from that draw.

    `totals_1`, `totals_2` have shape (C, K): what cluster i has in either slice, zeros where it has nothing there. A
    cluster with items in both slices (a straddling patient) moves both sides together. Kish clusters are those of the
    slice that has fewer.
    """
    first, second, columns = *_two(totals_1, totals_2), np.shape(totals_1)[1]
    used = np.any(first != 0, axis=1) | np.any(second != 0, axis=1)
    first, second = first[used], second[used]
    fixed = any(still(side, statistic) for side in (first, second))
    sides = (first, second) if fixed and statistic is share else None
    reason = "one slice does not vary" if fixed and sides is None else ""
    boot = bootstrap(
        np.hstack([first, second]),
        lambda sums: np.asarray(statistic(sums[..., :columns]) - statistic(sums[..., columns:]), dtype=np.float64),
        rng,
        0 if reason else resamples,
    )
    boot = replace(boot, kish_clusters=kish_of_weaker(first, second))
    straddling = int(np.count_nonzero(np.any(first != 0, axis=1) & np.any(second != 0, axis=1)))
    return _finished(SliceDifference(boot, None, math.nan, straddling, reason, sides=sides), level)


def standardised_difference(
    strata_1: Array,
    strata_2: Array,
    items: Array,
    statistic: Statistic,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
    *,
    level: float = 0.95,
    least_clusters: int = 5,
) -> SliceDifference:
    """The difference between two slices at equal case mix (direct standardisation over strata).

    `strata_1`, `strata_2` have shape (C, S, K): totals by cluster and stratum (label, question type) in either slice.
    `items` (S,) counts the items of both slices by stratum: the standard case mix, fixed over the draws. A
    stratum enters where each slice has at least `least_clusters` clusters in it; `coverage` says how much of the
    case mix that is. In a draw that leaves such a stratum empty on one side, the weights of the others are scaled up.
    """
    first, second = _two(strata_1, strata_2)
    weights = np.asarray(items, dtype=np.float64)
    if first.ndim != 3 or weights.shape != (first.shape[1],):
        raise ValueError(f"Expected totals (C, S, K) and `items` (S,) but got {first.shape} and {weights.shape}.")
    support = np.minimum(*(np.any(side != 0, axis=2).sum(axis=0) for side in (first, second)))
    kept = support >= least_clusters
    coverage = float(weights[kept].sum() / weights.sum()) if weights.sum() > 0 else 0.0
    held = [np.any(side != 0, axis=(1, 2)) for side in (first, second)]
    straddling, used = int(np.count_nonzero(held[0] & held[1])), held[0] | held[1]
    both = np.stack([first[used][:, kept], second[used][:, kept]], axis=1)
    shape, fixed = both.shape[1:], weights[kept]

    def difference(sums: Array) -> Array:
        by_stratum = statistic(sums.reshape(*sums.shape[:-1], *shape))
        gaps = by_stratum[..., 0, :] - by_stratum[..., 1, :]
        weight = np.where(np.isfinite(gaps), fixed, 0.0)
        total = weight.sum(axis=-1)
        summed = (np.where(np.isfinite(gaps), gaps, 0.0) * weight).sum(axis=-1)
        return np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan)

    if not kept.any():
        nothing = Bootstrap(math.nan, np.empty(0), np.empty(0), int(used.sum()), 0.0)
        reason = f"no stratum has {least_clusters} clusters in both slices"
        return SliceDifference(nothing, None, math.nan, straddling, reason, 0.0, 0)
    fixed_side = any(all(still(both[:, k, s], statistic) for s in range(shape[1])) for k in (0, 1))
    reason = "one slice does not vary" if fixed_side else ""
    boot = bootstrap(both.reshape(len(both), -1), difference, rng, 0 if reason else resamples)
    flat = both.reshape(len(both), 2, -1)
    boot = replace(boot, kish_clusters=kish_of_weaker(flat[:, 0], flat[:, 1]))
    n_strata = int(kept.sum())
    return _finished(SliceDifference(boot, None, math.nan, straddling, reason, coverage, n_strata), level)


def _two(totals_1: Array, totals_2: Array) -> tuple[Array, Array]:
    first, second = np.asarray(totals_1, dtype=np.float64), np.asarray(totals_2, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError(f"Expected totals of one shape but got {first.shape} and {second.shape}.")
    return first, second


def _by_slice(first: Array, second: Array, level: float) -> Interval | None:
    one, two = korn_graubard(first, level), korn_graubard(second, level)
    if one.interval is None or two.interval is None:
        return None
    return Interval(*difference_bounds(one.estimate, one.interval, two.estimate, two.interval), level, METHOD_BY_SLICE)


def _finished(contrast: SliceDifference, level: float) -> SliceDifference:
    interval = contrast.interval_at(level)
    reason = contrast.reason or ("" if interval else "too few clusters, or no variation")
    return replace(contrast, interval=interval, p=two_sided(*contrast.p_at(0.0)), reason=reason)
