"""Rank agreement: Kendall's tau-b with an interval by resampling clusters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import kendalltau

from audit.stats.interval import Interval

METHOD = "percentile bootstrap over clusters"
RESAMPLES = 2000


@dataclass(frozen=True)
class Agreement:
    """tau-b in [-1, 1] (None where one side does not vary) over `n` pairs in `n_clusters` clusters."""

    tau: float | None
    interval: Interval | None
    n: int
    n_clusters: int


def rank_agreement(
    first: ArrayLike,
    second: ArrayLike,
    clusters: Sequence[str],
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
    *,
    level: float = 0.95,
) -> Agreement:
    """Kendall's tau-b (Kendall 1945), which allows for ties, of paired scores of shape (n,).

    The interval is the percentile interval over draws of clusters, None below ten clusters or where more than one draw
    in twenty leaves one side without variation. Raises `ValueError` for differing lengths.
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.ndim != 1 or not len(one) == len(two) == len(clusters):
        raise ValueError(f"Expected equal lengths but got {one.shape}, {two.shape} and {len(clusters)} clusters.")
    names = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    members: list[list[int]] = [[] for _ in names]
    for place, name in enumerate(clusters):
        members[names[name]].append(place)
    tau = _tau(one, two)
    interval = None
    if tau is not None and len(members) >= 10 and resamples > 0:
        drawn = [_drawn(one, two, members, rng) for _ in range(resamples)]
        defined = [value for value in drawn if value is not None]
        if len(defined) >= 0.95 * resamples:
            low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
            interval = Interval(float(low), float(high), level, METHOD) if low < high else None
    return Agreement(tau, interval, len(one), len(members))


def _drawn(one: np.ndarray, two: np.ndarray, members: list[list[int]], rng: np.random.Generator) -> float | None:
    picked = [place for cluster in rng.integers(0, len(members), len(members)) for place in members[cluster]]
    return _tau(one[picked], two[picked])


def _tau(one: np.ndarray, two: np.ndarray) -> float | None:
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(two) == 0:
        return None
    tau = float(kendalltau(one, two).statistic)
    return tau if math.isfinite(tau) else None
