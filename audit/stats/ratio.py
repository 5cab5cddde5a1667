"""Ratios, such as relative robustness: on the log scale, and only over a denominator that is clear of chance."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audit.core.measure import share
from audit.stats.bootstrap import RESAMPLES, Bootstrap, bca, bca_p, bootstrap, still, two_sided
from audit.stats.clusters import kish_of_weaker
from audit.stats.interval import Interval, difference_bounds, invert
from audit.stats.proportion import korn_graubard

if TYPE_CHECKING:
    from audit.core.measure import Statistic

Array = NDArray[np.float64]
METHOD = "BCa of the log ratio"
METHOD_BY_SIDE = "Korn-Graubard by side, on the log scale"


@dataclass(frozen=True, eq=False)
class Ratio:
    """A ratio with its interval, or None for both and the `reason` for keeping it back.

    `denominator` is the interval that decided. `boot` holds the log of the ratio; `p` is two-sided for a ratio of 1.
    `sides` are set where one side does not vary (every item right): a share then gets both sides by Korn-Graubard.
    """

    estimate: float | None
    interval: Interval | None
    p: float
    reason: str | None
    denominator: Interval | None
    boot: Bootstrap | None
    sides: tuple[Array, Array] | None = None

    def interval_at(self, level: float) -> Interval | None:
        """The interval at another level, by the same method; None where the ratio is kept back."""
        logs = self._logs_at(level)
        return None if logs is None else Interval(math.exp(logs.low), math.exp(logs.high), level, logs.method)

    def p_at(self, value: float) -> tuple[float, float]:
        """(p_above, p_below): one-sided p of H0 "ratio <= value" and ">= value", `value` > 0."""
        if self.sides is not None:
            return invert(self._logs_at, math.log(value))
        return (math.nan, math.nan) if self.boot is None else bca_p(self.boot, math.log(value))

    def _logs_at(self, level: float) -> Interval | None:
        if self.sides is not None:
            return _by_side(*self.sides, level)
        logs = None if self.boot is None else bca(self.boot, level)
        return None if logs is None else replace(logs, method=METHOD)


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
    if not math.isfinite(float(_log_ratio(statistic(above.sum(axis=0)), statistic(below.sum(axis=0))))):
        return _kept_back("the numerator is zero or undefined", under)
    sides = None
    if any(still(side, statistic) for side in (above, below)):
        if statistic is not share:
            return _kept_back("one side does not vary", under)
        sides = above, below
    columns = above.shape[1]
    boot = bootstrap(
        np.hstack([above, below]),
        lambda sums: _log_ratio(statistic(sums[..., :columns]), statistic(sums[..., columns:])),
        two_rng,
        resamples,
    )
    boot = replace(boot, kish_clusters=kish_of_weaker(above, below))
    result = Ratio(math.exp(boot.estimate), None, math.nan, None, under, boot, sides)
    interval = result.interval_at(level)
    if interval is None:
        return _kept_back("the ratio has no interval: too few clusters, or no variation", under)
    return replace(result, interval=interval, p=two_sided(*result.p_at(1.0)))


def _kept_back(reason: str, denominator: Interval | None) -> Ratio:
    return Ratio(None, None, math.nan, reason, denominator, None)


def _interval(
    totals: Array, statistic: Statistic, rng: np.random.Generator, resamples: int, level: float
) -> Interval | None:
    if statistic is share:
        return korn_graubard(totals, level).interval
    used = totals[np.any(totals != 0, axis=1)]
    return bca(bootstrap(used, statistic, rng, resamples), level) if len(used) else None


def _by_side(above: Array, below: Array, level: float) -> Interval | None:
    """The interval of the log ratio from the intervals of both shares; None where either reaches 0."""
    one, two = korn_graubard(above, level), korn_graubard(below, level)
    if one.interval is None or two.interval is None or min(one.interval.low, two.interval.low) <= 0:
        return None
    logs = [
        Interval(math.log(side.low), math.log(side.high), level, side.method) for side in (one.interval, two.interval)
    ]
    bounds = difference_bounds(math.log(one.estimate), logs[0], math.log(two.estimate), logs[1])
    return Interval(*bounds, level, METHOD_BY_SIDE)


def _log_ratio(above: Array, below: Array) -> Array:
    """NaN where either is not above 0."""
    defined = (above > 0) & (below > 0)
    return np.where(defined, np.log(np.where(defined, above, 1.0)) - np.log(np.where(defined, below, 1.0)), np.nan)
