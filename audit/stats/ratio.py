"""Ratios, such as relative robustness: on the log scale, and only over a denominator that is clear of chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audit.core.measure import share
from audit.stats.bootstrap import RESAMPLES, Bootstrap, bca, bca_p, bootstrap, two_sided
from audit.stats.interval import Interval
from audit.stats.proportion import korn_graubard

if TYPE_CHECKING:
    from audit.core.measure import Statistic

Array = NDArray[np.float64]
METHOD = "BCa of the log ratio"


@dataclass(frozen=True, eq=False)
class Ratio:
    """A ratio with its interval, or None for both and the `reason` for keeping it back.

    `denominator` is the interval that decided. `boot` holds the log of the ratio; `p` is two-sided for a ratio of 1.
    """

    estimate: float | None
    interval: Interval | None
    p: float
    reason: str | None
    denominator: Interval | None
    boot: Bootstrap | None

    def interval_at(self, level: float) -> Interval | None:
        """The interval at another level; None where the ratio is kept back."""
        logs = None if self.boot is None else bca(self.boot, level)
        return None if logs is None else Interval(math.exp(logs.low), math.exp(logs.high), level, METHOD)


def ratio(
    numerator: Array,
    denominator: Array,
    statistic: Statistic,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
    *,
    level: float = 0.95,
    chance: float | None = None,
) -> Ratio:
    """statistic(numerator) / statistic(denominator) over one draw of clusters.

    `numerator`, `denominator` have shape (C, K), row i being the same cluster in both, zeros where it has nothing. Kept
    back where the interval of the denominator (Korn-Graubard for a share, else BCa) reaches 0 or `chance`: a ratio to
    nothing means nothing. Raises `ValueError` where the shapes differ.
    """
    above, below = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    if above.shape != below.shape or above.ndim != 2:
        raise ValueError(f"Expected two arrays of the same shape (C, K) but got {above.shape} and {below.shape}.")
    one_rng, two_rng = rng.spawn(2)
    under = _interval(below, statistic, one_rng, resamples, level)
    floor = 0.0 if chance is None else max(chance, 0.0)
    if under is None:
        return _kept_back("the denominator has no interval", None)
    if under.low <= floor:
        return _kept_back(f"the denominator's interval reaches {'chance' if floor > 0 else 'zero'}", under)
    columns = above.shape[1]
    boot = bootstrap(
        np.hstack([above, below]),
        lambda sums: _log_ratio(statistic(sums[..., :columns]), statistic(sums[..., columns:])),
        two_rng,
        resamples,
    )
    if not math.isfinite(boot.estimate):
        return _kept_back("the numerator is zero or undefined", under)
    result = Ratio(math.exp(boot.estimate), None, two_sided(*bca_p(boot, 0.0)), None, under, boot)
    interval = result.interval_at(level)
    if interval is None:
        return _kept_back("the ratio has no interval: too few clusters, or no variation", under)
    return Ratio(result.estimate, interval, result.p, None, under, boot)


def _kept_back(reason: str, denominator: Interval | None) -> Ratio:
    return Ratio(None, None, math.nan, reason, denominator, None)


def _interval(
    totals: Array, statistic: Statistic, rng: np.random.Generator, resamples: int, level: float
) -> Interval | None:
    if statistic is share:
        return korn_graubard(totals, level).interval
    used = totals[np.any(totals != 0, axis=1)]
    return bca(bootstrap(used, statistic, rng, resamples), level) if len(used) else None


def _log_ratio(above: Array, below: Array) -> Array:
    """NaN where either is not above 0."""
    defined = (above > 0) & (below > 0)
    return np.where(defined, np.log(np.where(defined, above, 1.0)) - np.log(np.where(defined, below, 1.0)), np.nan)
