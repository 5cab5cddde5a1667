"""Scores over classes: macro-F1 and balanced accuracy as functions of totals, for any number of resamples at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class MacroF1:
    """The mean F1 over classes, from totals (..., 3 K): K true positives, K false positives, K false negatives."""

    def __call__(self, totals: Array) -> Array:
        """Shape (...), in [0, 1]. A class of which nothing was there and nothing was said is left out of the mean, as
        `sklearn.metrics.f1_score(average="macro", zero_division=nan)` does; NaN where that leaves none. Raises
        `ValueError` where the columns are no multiple of 3. (Averaged F1, not F1 of averages: Opitz and Burst 2019.)
        """
        true, false, missed = _parted(totals, 3)
        return _mean_ratio(2 * true, 2 * true + false + missed)

    def largest_step(self, totals: Array) -> float:
        """How far one item more right or more wrong can move it, at totals (3 K,): an item moves three columns at once
        (a hit of one class for a miss of it and a false positive of another), so single columns understate it."""
        true, false, missed = _parted(totals, 3)
        named = 2 * true + false + missed
        f1 = _ratio(2 * true, named)
        own = np.maximum(np.abs(_ratio(2 * true + 2, named + 1) - f1), np.abs(_ratio(2 * true - 2, named - 1) - f1))
        other = np.maximum(np.abs(_ratio(2 * true, named + 1) - f1), np.abs(_ratio(2 * true, named - 1) - f1))
        here = named > 0
        if not here.any():
            return float("nan")
        return float(np.minimum(own[here], 1).max() + np.minimum(other[here], 1).max()) / int(here.sum())


macro_f1 = MacroF1()


def balanced_accuracy(totals: Array) -> Array:
    """The mean recall over classes, from totals (..., 2 K): K counts of right answers, K counts of items.

    Returns shape (...), in [0, 1]. Classes without items are left out of the mean, NaN where there is none (Brodersen
    et al. 2010; `sklearn.metrics.balanced_accuracy_score`).
    """
    right, items = _parted(totals, 2)
    return _mean_ratio(right, items)


def _parted(totals: Array, parts: int) -> tuple[Array, ...]:
    columns = totals.shape[-1]
    if columns == 0 or columns % parts:
        raise ValueError(f"Expected a multiple of {parts} columns but got {columns}.")
    return tuple(np.split(np.asarray(totals, dtype=np.float64), parts, axis=-1))


def _mean_ratio(numerator: Array, denominator: Array) -> Array:
    """The mean over the last axis of the ratios that are defined."""
    counted = (denominator > 0).sum(axis=-1)
    mean = _ratio(numerator, denominator).sum(axis=-1) / np.maximum(counted, 1)
    return np.asarray(np.where(counted > 0, mean, np.nan), dtype=np.float64)


def _ratio(numerator: Array, denominator: Array) -> Array:
    """The ratio, 0 where the denominator is not above 0."""
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
