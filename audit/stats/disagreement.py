"""Few clusters disagree: each direction of disagreement is bounded exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from audit.stats.clusters import kish, sizes_of
from audit.stats.interval import Interval, difference_bounds
from audit.stats.proportion import clopper_pearson_lower

if TYPE_CHECKING:
    from audit.core.measure import Statistic

FEW_DISAGREEING = 15.0
"""Below this many (equal) clusters that disagree, BCa alone covers too seldom; measured in docs/statistics.md."""
METHOD = "Clopper-Pearson by direction of disagreement"

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Disagreement:
    """How much of what could disagree does, in each direction.

    `plus` and `minus` are shares in [0, 1] of `scale`, the largest difference that all clusters together could make
    in the statistic (1 for a share); `clusters` are the Kish clusters of what each could contribute; `estimate` is the
    difference itself.
    """

    estimate: float
    plus: float
    minus: float
    scale: float
    clusters: float

    @property
    def additive(self) -> bool:
        """Whether what the clusters contribute adds up to the difference. Macro-F1 does not: it depends on clusters in
        which the arms agree, too."""
        return abs(self._shift) <= 1e-9

    @property
    def _shift(self) -> float:
        return self.estimate / self.scale - (self.plus - self.minus)

    def interval_at(self, level: float) -> Interval | None:
        """The interval of the difference: Clopper-Pearson over Kish clusters for either direction, then combined.

        Wide where clusters are large and disagree in part: it allows for clusters, not yet seen, that disagree in
        whole. Never of zero width. None with fewer than two clusters.
        """
        if self.clusters <= 1:
            return None
        plus, minus = self._direction(self.plus, level), self._direction(self.minus, level)
        low, high = difference_bounds(self.plus, plus, self.minus, minus)
        return Interval(self.scale * (low + self._shift), self.scale * (high + self._shift), level, METHOD)

    def _direction(self, share: float, level: float) -> Interval:
        alpha, count = (1 - level) / 2, share * self.clusters
        low = clopper_pearson_lower(count, self.clusters, alpha)
        high = 1 - clopper_pearson_lower(self.clusters - count, self.clusters, alpha)
        return Interval(low, high, level, "Clopper-Pearson")


def effects(totals_a: Array, totals_b: Array, statistic: Statistic) -> Array:
    """What each cluster (C,) contributes to `statistic(a) - statistic(b)`, about the mean of the arms."""
    middle = (totals_a.sum(axis=0) + totals_b.sum(axis=0)) / 2
    half = (totals_a - totals_b) / 2
    return np.asarray(statistic(middle + half) - statistic(middle - half), dtype=np.float64)


def disagreement(
    totals_a: Array, totals_b: Array, statistic: Statistic, sizes: Array | None = None
) -> Disagreement | None:
    """Sum up the disagreement of two arms (C, K); None where the statistic is undefined near what was seen.

    What a cluster could contribute is its number of items times the most that one item can move the statistic.
    """
    middle = (totals_a.sum(axis=0) + totals_b.sum(axis=0)) / 2
    here = float(statistic(middle))
    each = effects(totals_a, totals_b, statistic)
    estimate = float(statistic(totals_a.sum(axis=0)) - statistic(totals_b.sum(axis=0)))
    most = _most(middle, here, statistic)
    items = sizes_of(np.hstack([totals_a, totals_b])) if sizes is None else np.asarray(sizes, dtype=np.float64)
    # A cluster's capacity is at least what it was seen to do.
    capacity = np.maximum(items * most, np.abs(each))
    scale = float(capacity.sum())
    if not (math.isfinite(scale) and scale > 0 and math.isfinite(estimate)):
        return None
    plus, minus = float(each[each > 0].sum()) / scale, float(-each[each < 0].sum()) / scale
    return Disagreement(estimate, plus, minus, scale, kish(capacity))


@runtime_checkable
class Stepping(Protocol):
    """A statistic that says itself how far one item can move it, since an item moves several of its columns at once."""

    def largest_step(self, totals: Array) -> float: ...


def _most(middle: Array, here: float, statistic: Statistic) -> float:
    if isinstance(statistic, Stepping):
        return statistic.largest_step(middle)
    steps = [_largest_step(middle, here, statistic, column) for column in range(len(middle))]
    return max((step for step in steps if math.isfinite(step)), default=math.nan)


def _largest_step(middle: Array, here: float, statistic: Statistic, column: int) -> float:
    """How far one item more in a column (one fewer where that is undefined) moves the statistic, else NaN."""
    step = np.zeros(len(middle))
    step[column] = 1.0
    up = abs(float(statistic(middle + step)) - here)
    return up if math.isfinite(up) else abs(float(statistic(middle - step)) - here)
