"""Draws with known truth, by which the intervals are tried: totals per cluster, shapes (C, K)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def beta_binomial(sizes: Array, p: float, icc: float, rng: np.random.Generator) -> Array:
    """Successes per cluster, of mean p and intra-cluster correlation icc (0: independent)."""
    whole = sizes.astype(np.int64)
    if icc <= 0:
        return rng.binomial(whole, p).astype(np.float64)
    spread = (1 - icc) / icc
    return rng.binomial(whole, rng.beta(p * spread, (1 - p) * spread, size=len(whole))).astype(np.float64)


def shares(clusters: int, size: int, p: float, icc: float, rng: np.random.Generator) -> Array:
    """(successes, items) of clusters of one size."""
    sizes = np.full(clusters, float(size))
    return np.column_stack([beta_binomial(sizes, p, icc, rng), sizes])


def two_shares(clusters: int, first: float, second: float, icc: float, rng: np.random.Generator) -> Array:
    """(found, 5, alarms, 3) per cluster: what Youden's J is made of."""
    return np.hstack([shares(clusters, 5, first, icc, rng), shares(clusters, 3, second, icc, rng)])


def tables(clusters: int, sensitivity: float, alarms: float, icc: float, rng: np.random.Generator) -> Array:
    """(true positives, false positives, false negatives) of clusters of 2 to 8 items, three of ten positive."""
    sizes = rng.integers(2, 9, clusters)
    positives = rng.binomial(sizes, POSITIVE).astype(np.float64)
    found = beta_binomial(positives, sensitivity, icc, rng)
    false = beta_binomial(sizes - positives, alarms, icc, rng)
    return np.column_stack([found, false, positives - found])


POSITIVE = 0.3


def f1(totals: Array) -> Array:
    """F1 of `tables`."""
    true, false, missed = np.moveaxis(totals, -1, 0)
    return np.asarray(2 * true / np.maximum(2 * true + false + missed, 1e-300), dtype=np.float64)


def f1_truth(sensitivity: float, alarms: float) -> float:
    """F1 of the expected `tables`."""
    return float(f1(np.array([POSITIVE * sensitivity, (1 - POSITIVE) * alarms, POSITIVE * (1 - sensitivity)])))


def disagreeing(clusters: int, size: int, plus: float, minus: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Totals of two models of which one alone is right on shares `plus` and `minus` of the items."""
    kinds = rng.multinomial(size, [plus, minus, 1 - plus - minus], size=clusters).astype(np.float64)
    both, items = np.floor(kinds[:, 2] / 2), np.full(clusters, float(size))
    return np.column_stack([both + kinds[:, 0], items]), np.column_stack([both + kinds[:, 1], items])


def two_slices(patients: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Totals of two slices: half of the patients have items in both, and are alike in both."""
    ability = rng.beta(2, 2, patients)
    sizes = np.full((patients, 2), 4)
    sizes[: patients // 4, 0] = sizes[patients - patients // 4 :, 1] = 0
    right = rng.binomial(sizes, ability[:, None]).astype(np.float64)
    one, two = (np.column_stack([right[:, k], sizes[:, k]]) for k in (0, 1))
    return one, two
