"""What a sample can detect, and how many clusters would settle it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri


def mde(se: float, alpha: float, power: float = 0.8) -> float:
    """The smallest true effect that a one-sided test at `alpha` detects with chance `power`: (z_alpha + z_power) se.

    `alpha` is the level after adjustment (half of it for a two-sided test); `se` the standard error in the metric's
    unit. Never from the observed effect. NaN for a NaN `se`.
    """
    _check_levels(alpha, power)
    return float(ndtri(1 - alpha) + ndtri(power)) * se


def clusters_needed(se: float, n_clusters: float, margin: float, alpha: float, power: float = 0.8) -> int | None:
    """How many clusters like these bring the minimum detectable effect down to `margin`; at least 2.

    `se` is the standard error with `n_clusters`; it falls with their square root. None for a NaN `se`.
    """
    if not margin > 0:
        raise ValueError(f"Expected `margin` to be above 0 but got {margin!r}.")
    detectable = mde(se, alpha, power)
    if math.isnan(detectable):
        return None
    return max(2, math.ceil(n_clusters * (detectable / margin) ** 2 - 1e-9))


def design_effect(icc: float, sizes: ArrayLike) -> float:
    """By how much clustering inflates the variance of a share: 1 + (sum m^2 / sum m - 1) icc, sizes (C,) in items."""
    if not 0 <= icc <= 1:
        raise ValueError(f"Expected `icc` in [0, 1] but got {icc!r}.")
    size = np.asarray(sizes, dtype=np.float64)
    return 1 + max(float(np.square(size).sum() / size.sum()) - 1, 0.0) * icc


def planned_se(p: float, n_items: float, n_clusters: float, icc: float, *, sizes: ArrayLike | None = None) -> float:
    """Standard error of a share to be expected before any answer exists.

    `p` is the assumed share, `icc` the assumed intra-cluster correlation; clusters are taken as equal unless their
    `sizes` (C,) are given, which unequal ones need.
    """
    return math.sqrt(p * (1 - p) * _effect(n_items, n_clusters, icc, sizes) / n_items)


def planned_paired_se(
    disagreeing: float, n_items: float, n_clusters: float, icc: float, *, sizes: ArrayLike | None = None
) -> float:
    """Standard error of a paired difference of shares, if there is no difference and the models disagree on the share
    `disagreeing` of the items."""
    return math.sqrt(disagreeing * _effect(n_items, n_clusters, icc, sizes) / n_items)


def _effect(n_items: float, n_clusters: float, icc: float, sizes: ArrayLike | None) -> float:
    if not 0 < n_clusters <= n_items:
        raise ValueError(f"Expected 0 < n_clusters <= n_items but got {n_clusters!r} and {n_items!r}.")
    return design_effect(icc, [n_items / n_clusters] if sizes is None else sizes)


def _check_levels(alpha: float, power: float) -> None:
    if not 0 < alpha < 1 or not 0 < power < 1:
        raise ValueError(f"Expected alpha and power in (0, 1) but got {alpha!r} and {power!r}.")
