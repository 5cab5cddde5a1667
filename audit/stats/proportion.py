"""A clustered proportion and its interval by Korn and Graubard."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betainc, betaincinv, stdtrit

from audit.stats.clusters import FEW_CLUSTERS, kish
from audit.stats.interval import SMALLEST_P, Interval

METHOD = "Korn-Graubard"
METHOD_AT_EDGE = "Clopper-Pearson over Kish clusters"


@dataclass(frozen=True)
class Proportion:
    """A share with its interval (None for fewer than two clusters) and what the interval rests on.

    `n_items` is the summed denominator, `n_effective` the sample size that Clopper-Pearson was given, `df` the degrees
    of freedom (Kish clusters - 1), `se` the cluster-robust standard error (where that is 0, the one of the effective
    sample size), NaN without an interval.
    """

    estimate: float
    interval: Interval | None
    n_items: float
    n_effective: float
    df: float
    kish_clusters: float
    few_clusters: bool
    se: float


@dataclass(frozen=True)
class _Sample:
    """What the bounds are a function of: the share, its size, and the linearised variance."""

    share: float
    items: float
    kish: float
    variance: float
    clusters: int

    @property
    def usable(self) -> bool:
        return self.clusters > 1 and self.kish > 1

    @property
    def at_edge(self) -> bool:
        return self.share <= 0 or self.share >= 1

    def flipped(self) -> _Sample:
        return _Sample(1 - self.share, self.items, self.kish, self.variance, self.clusters)

    def effective(self, alpha: float) -> float:
        """Effective sample size for a bound with error `alpha` on one side."""
        if self.at_edge:
            return self.kish
        if self.variance <= 0:
            return self.items
        shrink = _t_ratio(max(self.items - 1, self.kish - 1), self.kish - 1, alpha)
        return min(self.items, self.share * (1 - self.share) / self.variance * shrink**2)


def korn_graubard(totals: NDArray[np.float64], level: float = 0.95) -> Proportion:
    """The share sum(numerator) / sum(denominator) over clusters with its interval (Korn and Graubard 1998).

    `totals` has shape (C, 2): numerator and denominator per cluster, 0 <= numerator <= denominator; items may have
    graded values in [0, 1]. Clusters with denominator 0 do not enter. Clopper-Pearson on the effective sample size
    p (1 - p) / v, with v the linearised cluster-robust variance of the ratio, shrunk by (t of n - 1 / t of Kish
    clusters - 1 degrees of freedom) squared and never above n. At 0 or 1: Clopper-Pearson over Kish clusters.
    Raises `ValueError` for totals that are no such counts.
    """
    return _bounded(_sample(totals), level)


@lru_cache(maxsize=4096)
def _bounded(sample: _Sample, level: float) -> Proportion:
    """Kept, since many shares of a run are alike."""
    if not sample.usable:
        few = sample.kish < FEW_CLUSTERS
        return Proportion(sample.share, None, sample.items, math.nan, 0.0, sample.kish, few, math.nan)
    alpha = (1 - level) / 2
    method = METHOD_AT_EDGE if sample.at_edge else METHOD
    interval = Interval(_lower(sample, alpha), 1 - _lower(sample.flipped(), alpha), level, method)
    size = sample.effective(alpha)
    return Proportion(
        estimate=sample.share,
        interval=interval,
        n_items=sample.items,
        n_effective=size,
        df=sample.kish - 1,
        kish_clusters=sample.kish,
        few_clusters=sample.kish < FEW_CLUSTERS,
        se=_standard_error(sample, size),
    )


def proportion_p(totals: NDArray[np.float64], threshold: float) -> tuple[float, float]:
    """(p_above, p_below): one-sided p of H0 "share <= threshold" and of H0 "share >= threshold".

    By inversion of the bounds of `korn_graubard`: p_above < alpha exactly where the lower bound of the interval at
    level 1 - 2 alpha exceeds `threshold`. Never below 1e-12; NaN for both with fewer than two clusters.
    """
    sample = _sample(totals)
    if not sample.usable:
        return math.nan, math.nan
    return _p_above(sample, threshold), _p_above(sample.flipped(), 1 - threshold)


def clopper_pearson_lower(count: float, size: float, alpha: float) -> float:
    """The lower bound with error `alpha` for `count` of `size` (both may be fractional); 0 where nothing was seen."""
    if count <= 0 or size <= 0:
        return 0.0
    return float(betaincinv(count, max(size - count, 0.0) + 1, alpha))


def _sample(totals: NDArray[np.float64]) -> _Sample:
    given = np.asarray(totals, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] != 2:
        raise ValueError(f"Expected `totals` of shape (C, 2) but got {given.shape}.")
    numerator, size = given[given[:, 1] != 0].T
    slack = 1e-9 * (1 + size)
    if not np.isfinite(given).all() or (numerator < -slack).any() or (numerator > size + slack).any():
        raise ValueError("Expected 0 <= numerator <= denominator in every cluster.")
    if (given[given[:, 1] == 0, 0] != 0).any():
        raise ValueError("Expected numerator 0 wherever the denominator is 0.")
    clusters = len(size)
    if clusters == 0:
        return _Sample(math.nan, 0.0, 0.0, math.nan, 0)
    items = float(size.sum())
    # Sums of graded values may miss 0 or 1 by rounding alone.
    share = min(max(float(numerator.sum()) / items, 0.0), 1.0)
    share = float(round(share)) if abs(share - round(share)) < 1e-12 else share
    residual = numerator - share * size
    variance = clusters / max(clusters - 1, 1) * float(np.square(residual).sum()) / items**2
    variance = variance if variance > 1e-24 else 0.0
    return _Sample(share, items, kish(size), variance, clusters)


def _lower(sample: _Sample, alpha: float) -> float:
    size = sample.effective(alpha)
    return clopper_pearson_lower(sample.share * size, size, alpha)


@lru_cache(maxsize=4096)
def _p_above(sample: _Sample, threshold: float) -> float:
    if threshold >= 1 or (sample.share <= 0 and threshold >= 0):
        return 1.0
    if threshold <= 0:
        return SMALLEST_P

    def excess(logit: float) -> float:
        alpha = 1 / (1 + math.exp(-logit))
        size = sample.effective(alpha)
        count = sample.share * size
        # The bound exceeds the threshold exactly where the beta distribution has less than alpha below it.
        return float(betainc(count, size - count + 1, threshold)) - alpha if count > 0 else 1 - alpha

    end = -math.log(SMALLEST_P)
    if excess(-end) < 0:
        return SMALLEST_P
    if excess(end) > 0:
        return 1.0
    return 1 / (1 + math.exp(-float(brentq(excess, -end, end, xtol=1e-10))))


def _t_ratio(df_items: float, df_clusters: float, alpha: float) -> float:
    """t quantile with `df_items` over that with `df_clusters` degrees of freedom; from alpha = 1/2 on, its limit there.

    Turning back beyond 1/2 would make a bound fall where its error rises, and p-values ambiguous.
    """
    if alpha > 0.5 - 1e-6:
        return math.exp(_log_t_density_at_zero(df_clusters) - _log_t_density_at_zero(df_items))
    wide = float(stdtrit(df_clusters, alpha))
    return float(stdtrit(df_items, alpha)) / wide if math.isfinite(wide) else 0.0


def _log_t_density_at_zero(df: float) -> float:
    return math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)


def _standard_error(sample: _Sample, size: float) -> float:
    if sample.variance > 0 and not sample.at_edge:
        return math.sqrt(sample.variance)
    # At 0 or 1, or with every cluster alike, the variance estimate is 0 and claims too much.
    shrunk = (sample.share * size + 1) / (size + 2)
    return math.sqrt(shrunk * (1 - shrunk) / size)
