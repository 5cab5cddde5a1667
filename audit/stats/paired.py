"""Two models on the same items: the paired difference, its interval and its p-value."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from audit.stats.bootstrap import RESAMPLES, Bootstrap, bca, bca_p, bootstrap, of_draws
from audit.stats.clusters import kish
from audit.stats.disagreement import FEW_DISAGREEING, Disagreement, disagreement, effects
from audit.stats.equivalence import Equivalence, NonInferiority, noninferior, tost
from audit.stats.flip import listed, mcnemar_exact, sign_flip, swap_test
from audit.stats.interval import Interval, hull, invert

if TYPE_CHECKING:
    from audit.core.measure import Statistic

__all__ = [
    "Equivalence",
    "NonInferiority",
    "Paired",
    "mcnemar_exact",
    "noninferior",
    "paired",
    "sign_flip",
    "tost",
]


Array = NDArray[np.float64]
SMALL = 4096
"""Bytes of an arm up to which a contrast is kept."""


@dataclass(frozen=True, eq=False)
class Paired:
    """The difference of two arms, `statistic(a) - statistic(b)`.

    `p` is two-sided, from exchanging the arms inside clusters (exact McNemar where every cluster holds one item).
    `few_disagree` says that the clusters that disagree are worth fewer than 15, or are all alike; then `interval`
    bounds each direction exactly (from `directions`), for a statistic that is no sum over clusters together with BCa;
    else it is BCa. None where neither is defined. `boot` holds no replicates where they would serve nothing.
    """

    boot: Bootstrap
    interval: Interval | None
    p: float
    n_disagreeing_clusters: int
    few_disagree: bool
    directions: Disagreement | None

    @property
    def estimate(self) -> float:
        """The difference as observed."""
        return self.boot.estimate

    @property
    def se(self) -> float:
        """Standard error: of the replicates; from the interval's width where few clusters disagree."""
        if not self.few_disagree:
            return self.boot.se
        if self.interval is None:
            return math.nan
        return (self.interval.high - self.interval.low) / (2 * float(ndtri((1 + self.interval.level) / 2)))

    def interval_at(self, level: float) -> Interval | None:
        """The interval at another level, by the same method: 0.90 for TOST, or an adjusted one."""
        if not self.few_disagree:
            return bca(self.boot, level)
        exact = None if self.directions is None else self.directions.interval_at(level)
        if exact is None or self.directions is None or self.directions.additive:
            return exact
        # The directions say nothing of the clusters that agree, and here those matter: never narrower than BCa.
        resampled = bca(self.boot, level)
        return exact if resampled is None else hull(exact, resampled)

    def p_at(self, value: float) -> tuple[float, float]:
        """(p_above, p_below): one-sided p of H0 "difference <= value" and ">= value", dual to `interval_at`."""
        if not self.few_disagree:
            return bca_p(self.boot, value)
        if self.directions is not None and self.directions.additive:
            return _p_by_direction(self.directions, value)
        return invert(self.interval_at, value)


def paired(
    totals_a: NDArray[np.float64],
    totals_b: NDArray[np.float64],
    statistic: Statistic,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
    *,
    level: float = 0.95,
    sizes: NDArray[np.float64] | None = None,
    replicates: bool = False,
) -> Paired:
    """Compare two arms over the same clusters: one draw of clusters serves both.

    `totals_a` and `totals_b` have shape (C, K), row i being the same cluster in both; `statistic` maps (..., K) to
    (...). `sizes` (C,) are the items per cluster, read from the totals where not given. `replicates` has
    them drawn even where bounds are exact and need none. Raises `ValueError` where the shapes differ.
    """
    a, b = np.asarray(totals_a, dtype=np.float64), np.asarray(totals_b, dtype=np.float64)
    if a.shape != b.shape or a.ndim != 2:
        raise ValueError(f"Expected two arrays of the same shape (C, K) but got {a.shape} and {b.shape}.")
    exact = None if replicates else _exact(a, b, statistic, sizes, level)
    if exact is not None:
        return exact
    boot = bootstrap(np.hstack([a, b]), _Gap(statistic, a.shape[1]), rng, resamples, sizes=sizes)
    # Arms that differ by the same in every cluster leave nothing to resample: bounded exactly as well.
    few = _few(a, b, statistic) or (math.isfinite(boot.estimate) and math.isnan(boot.se))
    directions = disagreement(a, b, statistic, sizes) if few else None
    p = swap_test(a, b, statistic, rng, resamples)
    return _finished(Paired(boot, None, p, _disagreeing(a, b), few, directions), level)


def _exact(a: Array, b: Array, statistic: Statistic, sizes: Array | None, level: float) -> Paired | None:
    """The contrast where nothing has to be drawn: its bounds need no replicates, and all outcomes of the exchange test
    can be listed. None where it is another. Small ones are kept: in a run many contrasts are of equal totals."""
    if a.nbytes > SMALL:
        return _of_totals(a, b, statistic, sizes, level)
    own = None if sizes is None else np.asarray(sizes, dtype=np.float64).tobytes()
    return _of_bytes(a.tobytes(), b.tobytes(), a.shape[1], statistic, own, level)


@lru_cache(maxsize=2048)
def _of_bytes(
    a: bytes, b: bytes, columns: int, statistic: Statistic, sizes: bytes | None, level: float
) -> Paired | None:
    one, two = (np.frombuffer(totals, dtype=np.float64).reshape(-1, columns) for totals in (a, b))
    return _of_totals(one, two, statistic, None if sizes is None else np.frombuffer(sizes, dtype=np.float64), level)


def _of_totals(a: Array, b: Array, statistic: Statistic, sizes: Array | None, level: float) -> Paired | None:
    if not (_few(a, b, statistic) and listed(a - b)):
        return None
    directions = disagreement(a, b, statistic, sizes)
    if directions is not None and not directions.additive:
        return None
    unused = np.random.default_rng(0)
    boot = bootstrap(np.hstack([a, b]), _Gap(statistic, a.shape[1]), unused, 0, sizes=sizes)
    p = swap_test(a, b, statistic, unused)
    return _finished(Paired(boot, None, p, _disagreeing(a, b), True, directions), level)


def _few(a: Array, b: Array, statistic: Statistic) -> bool:
    each = np.abs(effects(a, b, statistic))
    return kish(each[np.isfinite(each)]) < FEW_DISAGREEING


def _disagreeing(a: Array, b: Array) -> int:
    return int(np.count_nonzero(np.any(a != b, axis=1)))


def _finished(contrast: Paired, level: float) -> Paired:
    return replace(contrast, interval=contrast.interval_at(level))


@lru_cache(maxsize=4096)
def _p_by_direction(directions: Disagreement, value: float) -> tuple[float, float]:
    """Kept, since many contrasts of a run disagree alike (in nothing, as often as not)."""
    return invert(directions.interval_at, value)


@dataclass(frozen=True)
class _Gap:
    """The statistic of the first `columns` totals less that of the rest."""

    statistic: Statistic
    columns: int

    def __call__(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return self._of(self.statistic, sums)

    def resampled(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return self._of(of_draws(self.statistic), sums)

    def _of(self, statistic: Statistic, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(statistic(sums[..., : self.columns]) - statistic(sums[..., self.columns :]), dtype=np.float64)
