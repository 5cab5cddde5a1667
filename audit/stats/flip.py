"""Tests by exchanging the arms inside clusters: sign flips, swaps, and McNemar."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln
from scipy.stats import binom

if TYPE_CHECKING:
    from audit.core.measure import Statistic

FLIPS = 10_000
ENUMERATED = 1 << 15  # up to this many distinct outcomes are listed rather than drawn
BLOCK = 1 << 21

Array = NDArray[np.float64]


def sign_flip(differences: ArrayLike, rng: np.random.Generator, flips: int = FLIPS) -> float:
    """Two-sided p of H0 "differences are symmetric about 0", statistic: their sum.

    `differences` has shape (C,), one per cluster. Exact where the outcomes can be listed (15 clusters that differ, or
    any number of equal size: then it is exact McNemar); else (1 + hits) / (1 + flips).
    """
    given = np.asarray(differences, dtype=np.float64)
    if given.ndim != 1 or not np.isfinite(given).all():
        raise ValueError(f"Expected finite `differences` of shape (C,) but got shape {given.shape}.")
    return _two_sided(given[:, None], lambda sums: sums[..., 0], rng, flips)


def swap_test(
    totals_a: Array, totals_b: Array, statistic: Statistic, rng: np.random.Generator, flips: int = FLIPS
) -> float:
    """Two-sided p of H0 "the arms are exchangeable inside each cluster", statistic: `statistic(a) - statistic(b)`.

    `totals_a`, `totals_b` have shape (C, K). For a statistic that is linear in the totals this is `sign_flip` of
    per-cluster differences. A draw in which the statistic is undefined counts as a hit; NaN where it is undefined
    as observed.
    """
    middle = (totals_a.sum(axis=0) + totals_b.sum(axis=0)) / 2
    return _two_sided(
        totals_a - totals_b,
        lambda sums: np.asarray(statistic(middle + sums / 2) - statistic(middle - sums / 2), dtype=np.float64),
        rng,
        flips,
    )


def mcnemar_exact(b: int, c: int) -> float:
    """Exact two-sided p of McNemar's test: `b` and `c` count the items on which only one arm is right.

    Only for clusters of one item each. 1 where nothing disagrees.
    """
    if b < 0 or c < 0:
        raise ValueError(f"Expected counts but got {b} and {c}.")
    return min(1.0, 2 * float(binom.cdf(min(b, c), b + c, 0.5))) if b + c else 1.0


def _two_sided(differences: Array, effect: Callable[[Array], Array], rng: np.random.Generator, flips: int) -> float:
    observed = abs(float(effect(differences.sum(axis=0))))
    if math.isnan(observed):
        return math.nan
    rows, counts = _alike(differences)
    if len(rows) == 0:
        return 1.0
    least = observed - 1e-9 * max(observed, 1e-300)
    if _listable(counts):
        net, chance = _outcomes(counts)
        return min(1.0, float(chance[_hits(effect(net @ rows), least)].sum()))
    hits = sum(int(_hits(effect(sums), least).sum()) for sums in _drawn(rows, counts, rng, flips))
    return (1 + hits) / (1 + flips)


def listed(differences: Array) -> bool:
    """Whether exchanging arms with these differences (C, K) is tested by listing all outcomes, with nothing drawn."""
    moving = int(np.count_nonzero(np.any(differences != 0, axis=1)))
    return 1 << min(moving, 64) <= ENUMERATED or _listable(_alike(differences)[1])


def _listable(counts: NDArray[np.intp]) -> bool:
    return float(np.log(counts + 1.0).sum()) <= math.log(ENUMERATED)


def _hits(effects: Array, least: float) -> NDArray[np.bool_]:
    return ~(np.abs(effects) < least)


def _alike(differences: Array) -> tuple[Array, NDArray[np.intp]]:
    """Distinct differences up to sign (G, K) and how many clusters have each; zeros do not matter."""
    moving = differences[np.any(differences != 0, axis=1)]
    if len(moving) == 0:
        return moving, np.empty(0, dtype=np.intp)
    first = np.take_along_axis(moving, np.argmax(moving != 0, axis=1)[:, None], axis=1)
    rows, counts = np.unique(moving * np.sign(first), axis=0, return_counts=True)
    return rows, counts


def _outcomes(counts: NDArray[np.intp]) -> tuple[Array, Array]:
    """All net numbers of positive signs (N, G) per group and their probabilities (N,)."""
    grids = np.meshgrid(*(np.arange(count + 1) for count in counts), indexing="ij")
    positive = np.stack([grid.ravel() for grid in grids], axis=1).astype(np.float64)
    log_ways = gammaln(counts + 1) - gammaln(positive + 1) - gammaln(counts - positive + 1)
    return 2 * positive - counts, np.exp(log_ways.sum(axis=1) - counts.sum() * math.log(2))


def _drawn(rows: Array, counts: NDArray[np.intp], rng: np.random.Generator, flips: int) -> Iterator[Array]:
    clusters = int(counts.sum())
    collapse = 8 * len(rows) <= clusters
    each = rows if collapse else np.repeat(rows, counts, axis=0)
    step = max(1, BLOCK // len(each))
    for start in range(0, flips, step):
        size = (min(step, flips - start), len(each))
        positive = rng.binomial(counts, 0.5, size=size) if collapse else rng.integers(0, 2, size=size, dtype=np.int8)
        yield (2.0 * positive - (counts if collapse else 1)) @ each
