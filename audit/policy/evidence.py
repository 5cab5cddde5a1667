"""Evidence: what a finding rests on, so that it can be tested at any level against any value."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from scipy.special import ndtri

from audit.stats.bootstrap import Bootstrap, bca, bca_p, two_sided
from audit.stats.combination import Part, combined_interval, few_vary
from audit.stats.interval import invert
from audit.stats.paired import Paired
from audit.stats.proportion import Proportion, korn_graubard, proportion_p

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audit.stats.interval import Interval


class Evidence(Protocol):
    """An estimate with its intervals and tests. `p` gives (p_above, p_below): one-sided p of "not above value" and of
    "not below value", NaN where there is no interval. `se` is NaN where it is undefined."""

    @property
    def estimate(self) -> float:
        """The figure itself, NaN where undefined."""

    @property
    def se(self) -> float:
        """Its standard error."""

    @property
    def kish_clusters(self) -> float:
        """How many equal clusters the sample is worth."""

    def interval(self, level: float) -> Interval | None:
        """The two-sided interval at a level, by the one method of the metric."""

    def p(self, value: float) -> tuple[float, float]:
        """One-sided p-values against a value, consistent with `interval`."""

    def p_two_sided(self, value: float) -> float:
        """The two-sided p-value against a value."""


@dataclass(frozen=True, eq=False)
class Share:
    """A clustered proportion from totals (C, 2): Korn-Graubard."""

    totals: NDArray[np.float64]

    @cached_property
    def _summary(self) -> Proportion:
        return korn_graubard(self.totals)

    @property
    def estimate(self) -> float:
        """The share."""
        return self._summary.estimate

    @property
    def se(self) -> float:
        """Its cluster-robust standard error."""
        return self._summary.se

    @property
    def kish_clusters(self) -> float:
        """Kish clusters of the denominators."""
        return self._summary.kish_clusters

    def interval(self, level: float) -> Interval | None:
        """Korn and Graubard's interval."""
        return (self._summary if level == 0.95 else korn_graubard(self.totals, level)).interval

    def p(self, value: float) -> tuple[float, float]:
        """By inversion of the same bounds."""
        return proportion_p(self.totals, value)

    def p_two_sided(self, value: float) -> float:
        """Twice the smaller one-sided p."""
        return two_sided(*self.p(value))


@dataclass(frozen=True, eq=False)
class Figure:
    """Any other statistic of totals: BCa. One that declares its shares (`parts`, of `totals`) is bounded through them
    where too few clusters vary."""

    boot: Bootstrap
    totals: NDArray[np.float64] | None = None
    parts: tuple[Part, ...] = ()
    sizes: NDArray[np.float64] | None = None

    @cached_property
    def _by_shares(self) -> bool:
        return self.totals is not None and bool(self.parts) and few_vary(self.totals, self.parts, self.sizes)

    @property
    def estimate(self) -> float:
        """The statistic of all totals."""
        return self.boot.estimate

    @property
    def se(self) -> float:
        """Standard deviation over resamples; from the interval's width where it is bounded through its shares."""
        if not self._by_shares:
            return self.boot.se
        interval = self.interval(0.95)
        return math.nan if interval is None else (interval.high - interval.low) / (2 * float(ndtri(0.975)))

    @property
    def kish_clusters(self) -> float:
        """Kish clusters by items per cluster."""
        return self.boot.kish_clusters

    def interval(self, level: float) -> Interval | None:
        """The BCa interval, or the one through the shares."""
        if self._by_shares and self.totals is not None and math.isfinite(self.estimate):
            return combined_interval(self.totals, self.parts, level)
        return bca(self.boot, level)

    def p(self, value: float) -> tuple[float, float]:
        """By inversion of the same interval."""
        return invert(self.interval, value) if self._by_shares else bca_p(self.boot, value)

    def p_two_sided(self, value: float) -> float:
        """Twice the smaller one-sided p."""
        return two_sided(*self.p(value))


@dataclass(frozen=True, eq=False)
class Difference:
    """A paired difference of two arms: BCa, or exact bounds in each direction where few clusters disagree.

    `reach` is the largest difference that the metric can have: bounds beyond it say nothing more.
    """

    paired: Paired
    reach: float = math.inf

    @property
    def estimate(self) -> float:
        """First arm minus second."""
        return self.paired.estimate

    @property
    def se(self) -> float:
        """Standard deviation over resamples, or from the exact interval."""
        return self.paired.se

    @property
    def kish_clusters(self) -> float:
        """Kish clusters by items per cluster."""
        return self.paired.boot.kish_clusters

    def interval(self, level: float) -> Interval | None:
        """By the method that the disagreements allow, cut at what is possible."""
        found = self.paired.interval_at(level)
        if found is None:
            return None
        return replace(found, low=max(found.low, -self.reach), high=min(found.high, self.reach))

    def p(self, value: float) -> tuple[float, float]:
        """By inversion of the same interval."""
        return self.paired.p_at(value)

    def p_two_sided(self, value: float) -> float:
        """Against 0 by exchanging the arms inside clusters (exact McNemar for single items), else by inversion."""
        return self.paired.p if value == 0 else two_sided(*self.p(value))
