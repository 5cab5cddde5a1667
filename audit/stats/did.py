"""Difference-in-differences: is the gap between two models larger on one data set than on another?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audit.stats.bootstrap import RESAMPLES, Bootstrap, bca, bca_p, two_sided
from audit.stats.interval import Interval, difference_bounds, invert
from audit.stats.paired import Paired, paired

if TYPE_CHECKING:
    from audit.core.measure import Statistic

Array = NDArray[np.float64]
METHOD_BY_DATASET = "paired intervals by data set"


@dataclass(frozen=True, eq=False)
class Did:
    """(model - base) on the first data set, less (model - base) on the second.

    `interval` is BCa over independent draws of either data set's clusters; where few clusters disagree in one of
    them, the two paired intervals are combined. `p` is two-sided, by inverting the interval.
    """

    first: Paired
    second: Paired
    boot: Bootstrap
    interval: Interval | None
    p: float

    @property
    def estimate(self) -> float:
        """The difference of the differences as observed."""
        return self.boot.estimate

    def interval_at(self, level: float) -> Interval | None:
        """The interval at another level, by the same method."""
        if not self._few:
            return bca(self.boot, level)
        one, two = self.first.interval_at(level), self.second.interval_at(level)
        if one is None or two is None:
            return None
        return Interval(
            *difference_bounds(self.first.estimate, one, self.second.estimate, two), level, METHOD_BY_DATASET
        )

    def p_at(self, value: float) -> tuple[float, float]:
        """(p_above, p_below): one-sided p of H0 "difference <= value" and ">= value"."""
        return invert(self.interval_at, value) if self._few else bca_p(self.boot, value)

    @property
    def _few(self) -> bool:
        return self.first.few_disagree or self.second.few_disagree


def did(
    first: tuple[Array, Array],
    second: tuple[Array, Array],
    statistic: Statistic,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
    *,
    level: float = 0.95,
    sizes: tuple[Array, Array] | None = None,
) -> Did:
    """Pair the models inside each data set, draw the data sets independently.

    `first` and `second` are (totals of the model, totals of the base) on either data set: shapes (C1, K) and (C2, L);
    L may differ from K where the statistic takes both. `sizes` are the items per cluster, (C1,) and (C2,), read from
    the totals where they are not given.

    The acceleration is that of a statistic of two samples (Davison and Hinkley 1997).
    """
    one_rng, two_rng = rng.spawn(2)
    of_one, of_two = (None, None) if sizes is None else sizes
    one = paired(*first, statistic, one_rng, resamples, level=level, sizes=of_one, replicates=True)
    two = paired(*second, statistic, two_rng, resamples, level=level, sizes=of_two, replicates=True)
    estimate = one.estimate - two.estimate
    influence = np.concatenate([_influence(one.boot), -_influence(two.boot)])
    boot = Bootstrap(
        estimate,
        one.boot.replicates - two.boot.replicates,
        estimate - influence,
        one.boot.n_clusters + two.boot.n_clusters,
        min(one.boot.kish_clusters, two.boot.kish_clusters),
    )
    contrast = Did(one, two, boot, None, float("nan"))
    return replace(contrast, interval=contrast.interval_at(level), p=two_sided(*contrast.p_at(0.0)))


def _influence(boot: Bootstrap) -> Array:
    """Empirical influence of each cluster over the number of clusters, by the jackknife; sums to 0."""
    clusters = len(boot.jackknife)
    return np.asarray((clusters - 1) / clusters * (boot.jackknife.mean() - boot.jackknife), dtype=np.float64)
