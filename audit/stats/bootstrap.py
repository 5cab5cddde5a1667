"""The cluster bootstrap: weights times cluster totals, and intervals by BCa."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from audit.stats.clusters import FEW_CLUSTERS, kish, sizes_of
from audit.stats.interval import Interval

if TYPE_CHECKING:
    from audit.core.measure import Statistic

RESAMPLES = 10_000
METHOD = "BCa"
METHOD_EXPANDED = "BCa, t-expanded"
BLOCK = 1 << 21  # weights held at one time
BLOCK_OF_COUNTS = 1 << 16  # so many fit into the cache of a core; sums of whole numbers are exact however they are cut


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """A statistic, its replicates (B,) and its leave-one-cluster-out values (C,); NaN where it is undefined.

    `n_clusters` counts clusters that hold anything, `kish_clusters` what they are worth.
    """

    estimate: float
    replicates: NDArray[np.float64]
    jackknife: NDArray[np.float64]
    n_clusters: int
    kish_clusters: float

    @property
    def few_clusters(self) -> bool:
        """Whether there are fewer than 20 Kish clusters: such a finding can never pass."""
        return self.kish_clusters < FEW_CLUSTERS

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.float64], int]:
        """Replicates in order without the undefined ones, and the number of those: sorted once for all levels."""
        return np.sort(self.replicates[~np.isnan(self.replicates)]), int(np.isnan(self.replicates).sum())

    @cached_property
    def _rounding(self) -> float:
        scale = np.abs(self.replicates[np.isfinite(self.replicates)]).max(initial=0.0)
        return 1e-12 * max(float(scale), abs(self.estimate) if math.isfinite(self.estimate) else 0.0)

    @cached_property
    def se(self) -> float:
        """Standard deviation of the defined replicates; NaN where they do not vary."""
        defined = self.replicates[np.isfinite(self.replicates)]
        se = float(np.std(defined, ddof=1)) if len(defined) > 1 else 0.0
        return se if se > _slack(self) else math.nan


@runtime_checkable
class Resampled(Protocol):
    """A statistic that says itself what it is of clusters that were drawn again, where drawing them adds a bias."""

    def resampled(self, totals: NDArray[np.float64]) -> NDArray[np.float64]: ...


def of_draws(statistic: Statistic) -> Statistic:
    """The statistic as it is taken of resampled totals."""
    return statistic.resampled if isinstance(statistic, Resampled) else statistic


def bootstrap(
    totals: NDArray[np.float64],
    statistic: Statistic,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
    *,
    sizes: NDArray[np.float64] | None = None,
) -> Bootstrap:
    """Resample clusters with replacement: `statistic` of summed totals, `resamples` times.

    `totals` has shape (C, K): all arms of a contrast side by side, so that one draw serves them all. `statistic` maps
    (..., K) to (...); one that is `Resampled` is asked what it is of the draws. `sizes` (C,) are the items per cluster,
    read from the totals where they are not given. Rows of zeros stay in the draw. Raises `ValueError` for totals that
    are not finite or have no row.
    """
    given = np.asarray(totals, dtype=np.float64) + 0.0
    if given.ndim != 2 or len(given) == 0 or not np.isfinite(given).all():
        raise ValueError(f"Expected finite `totals` of shape (C, K) with C > 0 but got shape {given.shape}.")
    whole = given.sum(axis=0)
    estimate = float(statistic(whole))
    if resamples:
        rows, inverse, counts = np.unique(given, axis=0, return_inverse=True, return_counts=True)
        drawn = of_draws(statistic)
        blocks = [drawn(sums) for sums in _draws(given, rows, counts, rng, resamples)]
        replicates = np.concatenate(blocks).astype(np.float64)
        left_out = np.asarray(statistic(whole - rows), dtype=np.float64)[inverse.reshape(-1)]
    else:
        replicates, left_out = np.empty(0), np.asarray(statistic(whole - given), dtype=np.float64)
    items = sizes_of(given) if sizes is None else np.asarray(sizes, dtype=np.float64)
    return Bootstrap(estimate, replicates, left_out, int(np.count_nonzero(items)), kish(items))


def _draws(
    totals: NDArray[np.float64],
    rows: NDArray[np.float64],
    counts: NDArray[np.intp],
    rng: np.random.Generator,
    resamples: int,
) -> Iterator[NDArray[np.float64]]:
    """Blocks of resampled sums (b, K). Equal rows are drawn as one, by their number, where that is quicker."""
    clusters = len(totals)
    collapse = 16 * len(rows) <= clusters
    counted = bool(np.all(rows == np.rint(rows)))
    step = max(1, (BLOCK_OF_COUNTS if counted else BLOCK) // (len(rows) if collapse else clusters))
    for start in range(0, resamples, step):
        size = min(step, resamples - start)
        if collapse:
            weights = rng.multinomial(clusters, counts / clusters, size=size)
            yield weights.astype(np.float64) @ rows
        else:
            picked = rng.integers(0, clusters, size=(size, clusters), dtype=np.int32)
            picked += (np.arange(size, dtype=np.int32) * clusters)[:, None]
            weights = np.bincount(picked.ravel(), minlength=size * clusters).reshape(size, clusters)
            yield weights.astype(np.float64) @ totals


def bca(boot: Bootstrap, level: float = 0.95, *, expanded: bool = True) -> Interval | None:
    """The bias-corrected and accelerated interval (Efron 1987), acceleration by the jackknife over clusters.

    `expanded` replaces the normal quantile z by t sqrt(k / (k - 1)), k Kish clusters and t with k - 1 degrees of
    freedom (Hesterberg 2015): resampled clusters vary less than new ones would; False is Efron's own.
    Replicates equal to the estimate count half in the bias correction. An undefined replicate counts against both
    bounds. None with fewer than two clusters, or where the replicates do not vary enough to give two distinct finite
    bounds: an interval of zero width would claim certainty.
    """
    shape = _shape(boot)
    if shape is None:
        return None
    bias, acceleration = shape
    ends = []
    for alpha, undefined in (((1 - level) / 2, -math.inf), ((1 + level) / 2, math.inf)):
        normal = _expanded(alpha, boot.kish_clusters) if expanded else float(ndtri(alpha))
        position = float(ndtr(bias + _stretch(bias + normal, acceleration)))
        ends.append(_quantile(_ordered(boot, undefined), position))
    low, high = ends
    if not (math.isfinite(low) and math.isfinite(high)) or high - low <= _slack(boot):
        return None
    return Interval(low, high, level, METHOD_EXPANDED if expanded else METHOD)


def bca_p(boot: Bootstrap, value: float) -> tuple[float, float]:
    """(p_above, p_below): one-sided p of H0 "theta <= value" and of H0 "theta >= value", by inverting `bca`.

    p_above < alpha where the lower bound at level 1 - 2 alpha exceeds `value`. Never below 1 / (B + 1). NaN for both
    where BCa has no interval.
    """
    shape = _shape(boot)
    if shape is None:
        return math.nan, math.nan
    bias, acceleration = shape
    slack, least = _slack(boot), 1 / (len(boot.replicates) + 1)

    def alpha(position: float) -> float:
        if position <= 0 or position >= 1:
            return position
        step = float(ndtri(position)) - bias
        pole = 1 + acceleration * step
        straight = step / pole if pole > 0 else math.copysign(math.inf, step)
        return _contracted(straight - bias, boot.kish_clusters)

    above = alpha(_rank(_ordered(boot, -math.inf), value + slack))
    below = alpha(_rank(-_ordered(boot, math.inf)[::-1], -value + slack, mirrored=True))
    return min(max(above, least), 1.0), min(max(1 - below, least), 1.0)


def two_sided(p_above: float, p_below: float) -> float:
    """Twice the smaller one-sided p, at most 1; NaN stays NaN."""
    return min(1.0, 2 * min(p_above, p_below)) if not math.isnan(p_above + p_below) else math.nan


def still(totals: NDArray[np.float64], statistic: Statistic) -> bool:
    """Whether leaving out any one cluster changes nothing: resampling would see no uncertainty here."""
    moved = np.asarray(statistic(totals.sum(axis=0) - totals[np.any(totals != 0, axis=1)]))
    defined = moved[np.isfinite(moved)]
    return len(defined) == 0 or bool(np.ptp(defined) <= 1e-12 * max(1.0, float(np.abs(defined).max())))


def _shape(boot: Bootstrap) -> tuple[float, float] | None:
    """Bias correction z0 and acceleration a, or None where BCa is not defined."""
    values, slack = boot.replicates, _slack(boot)
    if (
        boot.n_clusters < 2
        or boot.kish_clusters <= 1
        or not math.isfinite(boot.estimate)
        or not np.isfinite(boot.jackknife).all()
    ):
        return None
    defined = values[np.isfinite(values)]
    if len(defined) < 2 or defined.max() - defined.min() <= slack:
        return None
    below = np.count_nonzero(values < boot.estimate - slack)
    above = np.count_nonzero(values > boot.estimate + slack)
    share = (below + 0.5 * (len(values) - below - above)) / len(values)
    bias = float(ndtri(min(max(share, 0.5 / len(values)), 1 - 0.5 / len(values))))
    deviation = boot.jackknife.mean() - boot.jackknife
    spread = float(np.square(deviation).sum())
    return bias, float((deviation**3).sum()) / (6 * spread**1.5) if spread > slack**2 else 0.0


def _expanded(alpha: float, clusters: float) -> float:
    return float(stdtrit(clusters - 1, alpha)) * math.sqrt(clusters / (clusters - 1))


def _contracted(normal: float, clusters: float) -> float:
    """The alpha of which `normal` is the expanded quantile."""
    return float(stdtr(clusters - 1, normal / math.sqrt(clusters / (clusters - 1))))


def _stretch(step: float, acceleration: float) -> float:
    """w / (1 - a w), saturated beyond its pole."""
    if not math.isfinite(step):
        return step
    pole = 1 - acceleration * step
    return step / pole if pole > 0 else math.copysign(math.inf, step)


def _ordered(boot: Bootstrap, undefined: float) -> NDArray[np.float64]:
    """The replicates in order, undefined ones at one end."""
    ordered, lost = boot._sorted
    if not lost:
        return ordered
    ends = np.full(lost, undefined)
    return np.concatenate([ends, ordered] if undefined < 0 else [ordered, ends])


def _quantile(ordered: NDArray[np.float64], position: float) -> float:
    """Linear interpolation between order statistics (type 7), infinite where either neighbour is."""
    place = position * (len(ordered) - 1)
    low, high = float(ordered[math.floor(place)]), float(ordered[math.ceil(place)])
    return low if low == high else low + (place - math.floor(place)) * (high - low)


def _rank(ordered: NDArray[np.float64], value: float, *, mirrored: bool = False) -> float:
    """The largest position whose quantile does not exceed `value`: `_quantile` turned round."""
    count, last = int(np.searchsorted(ordered, value, side="right")), len(ordered) - 1
    if count == 0 or count > last:
        position = 0.0 if count == 0 else 1.0
    else:
        low, high = float(ordered[count - 1]), float(ordered[count])
        part = (value - low) / (high - low) if math.isfinite(low) and math.isfinite(high) else 1.0
        position = (count - 1 + part) / last
    return 1 - position if mirrored else position


def _slack(boot: Bootstrap) -> float:
    """Differences up to this are rounding: sums of graded values depend on the order of summation."""
    return boot._rounding
