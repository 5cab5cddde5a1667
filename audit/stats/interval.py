"""An interval: two bounds, their level, and the method that made them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy.optimize import brentq

SMALLEST_P = 1e-12
"""No p-value by inversion is reported below this."""


@dataclass(frozen=True)
class Interval:
    """A confidence interval [low, high] in the metric's own unit; `level` in (0, 1), as 0.95.

    Raises `ValueError` for bounds that are not finite or without width: an interval of zero width claims certainty.
    """

    low: float
    high: float
    level: float
    method: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"Expected finite bounds with low < high but got {self.low!r} and {self.high!r}.")
        if not 0 < self.level < 1:
            raise ValueError(f"Expected `level` to lie in (0, 1) but got {self.level!r}.")

    def covers(self, value: float) -> bool:
        """Whether `value` lies inside or on a bound."""
        return self.low <= value <= self.high

    def inside(self, low: float, high: float) -> bool:
        """Whether the whole interval lies strictly between `low` and `high`."""
        return low < self.low and self.high < high


def hull(first: Interval, second: Interval) -> Interval:
    """The smallest interval that holds both, which are of one level."""
    low, high = min(first.low, second.low), max(first.high, second.high)
    return Interval(low, high, first.level, f"{first.method}, at least {second.method}")


def difference_bounds(
    first: float, first_interval: Interval, second: float, second_interval: Interval
) -> tuple[float, float]:
    """(low, high) of `first - second` from the interval of each, both at the level that the result is to have.

    The method of variance estimates recovery (Zou and Donner 2008): distances from estimate to bound are added in
    squares, so that the asymmetry of either interval is kept. It takes the two estimates as uncorrelated.
    """
    down = math.hypot(first - first_interval.low, second_interval.high - second)
    up = math.hypot(first_interval.high - first, second - second_interval.low)
    return first - second - down, first - second + up


def invert(interval_at: Callable[[float], Interval | None], value: float) -> tuple[float, float]:
    """(p_above, p_below) of H0 "theta <= value" and H0 "theta >= value" by inverting two-sided intervals.

    `interval_at(level)` must widen with the level. p_above < alpha exactly where the lower bound at level
    1 - 2 alpha exceeds `value`. A p-value above one half is returned as 1; NaN for both where there is no interval.
    """
    if interval_at(0.95) is None:
        return math.nan, math.nan

    def gap(logit: float, sign: int) -> float:
        alpha = 1 / (1 + math.exp(-logit))
        interval = interval_at(1 - 2 * alpha)
        if interval is None:
            return math.nan
        return interval.low - value if sign > 0 else value - interval.high

    return _root(lambda logit: gap(logit, 1)), _root(lambda logit: gap(logit, -1))


def _root(gap: Callable[[float], float]) -> float:
    """The smallest alpha below one half at which `gap` (rising in the logit of alpha) is above 0."""
    least = math.log(SMALLEST_P)
    # Discrete distributions have no interval of very low level: then start where there is one.
    most = next((start for start in (-1e-6, -0.4, -1.1) if not math.isnan(gap(start))), least)
    if not gap(most) > 0:
        return 1.0
    if gap(least) > 0:
        return SMALLEST_P
    return 1 / (1 + math.exp(-float(brentq(gap, least, most, xtol=1e-9))))
