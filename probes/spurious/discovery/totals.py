"""What gap and influence are made of: counts that are summed over images, and the statistics of their sums.

Of one region cluster an image gives six counts for its own label, zeros for the others. Sums over patients are drawn
again by the bootstrap, sums over permuted images by the permutation test; the statistics are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
N_COUNTS = 6


class Counts(NamedTuple):
    """Counts by class, each (..., Y): images with a region in the cluster ("in") and without ("out"), the right ones
    of both; `asked`, in-images with more than one region and a wrong but readable answer; `hit`, those of them whose
    most influential region lies in the cluster."""

    n_in: Array
    right_in: Array
    n_out: Array
    right_out: Array
    asked: Array
    hit: Array


def counts_of(totals: Array) -> Counts:
    """The columns of summed rows (..., 6 Y)."""
    parts = totals.reshape(*totals.shape[:-1], N_COUNTS, -1)
    return Counts(*(parts[..., column, :] for column in range(N_COUNTS)))


def class_gaps(counts: Counts) -> Array:
    """g (..., Y) = 2 min(n_in, n_out) / (n_in + n_out) (acc_in - acc_out); NaN for a class without in- or out-images
    (RaVL, section 3)."""
    n_in, right_in, n_out, right_out = counts[:4]
    both = (n_in > 0) & (n_out > 0)
    balance = 2 * np.minimum(n_in, n_out) / np.where(both, n_in + n_out, 1)
    gap = right_in / np.where(both, n_in, 1) - right_out / np.where(both, n_out, 1)
    return np.where(both, balance * gap, np.nan)


def gap_sum(gaps: Array) -> Array:
    """G (...) of g (..., Y): the sum of absolute values over the classes that have one, 0 where none has."""
    total: Array = np.nansum(np.abs(gaps), axis=-1)
    return total


def largest_share(counts: Counts, gaps: Array) -> Array:
    """H (...): the largest hit / asked over classes with g < 0; -inf where no image qualifies (RaVL, section 3)."""
    qualified = (gaps < 0) & (counts.asked > 0)
    shares = np.where(qualified, counts.hit / np.where(qualified, counts.asked, 1), -np.inf)
    largest: Array = shares.max(axis=-1)
    return largest


def performance_gap(totals: Array) -> Array:
    """G of summed rows (..., 6 Y) as (...), in 0..Y; NaN where no class has in- and out-images."""
    gaps = class_gaps(counts_of(totals))
    return np.where(np.isnan(gaps).all(axis=-1), np.nan, gap_sum(gaps))


def influence_share(totals: Array) -> Array:
    """H of summed rows (..., 6 Y) as (...), in 0..1; NaN where no image qualifies (published as minus infinity)."""
    counts = counts_of(totals)
    share = largest_share(counts, class_gaps(counts))
    return np.where(np.isneginf(share), np.nan, share)


def signed_gap(signs: Sequence[float]) -> Callable[[Array], Array]:
    """The statistic "sum over y of sign(y) g(y)" of summed rows (..., 6 Y), NaN where no class has a g.

    With the `signs` (Y,) of g on other patients (-1, 0 or 1) it does not exceed G, and is 0 on average where presence
    does not matter; G itself adds up noise, so that its interval lies above 0 for any model.
    """
    weights = np.array(signs, dtype=np.float64)

    def statistic(totals: Array) -> Array:
        gaps = class_gaps(counts_of(totals))
        return np.where(np.isnan(gaps).all(axis=-1), np.nan, np.nansum(weights * gaps, axis=-1))

    return statistic


def class_gap(label: int) -> Callable[[Array], Array]:
    """The statistic g of one class, of summed rows (..., 6 Y): in -1..1, NaN without in- or out-images."""

    def statistic(totals: Array) -> Array:
        gap: Array = class_gaps(counts_of(totals))[..., label]
        return gap

    return statistic


def influence_columns(rows: Array, label: int) -> Array:
    """(hit, asked) of one class, (..., 2) from (..., 6 Y): the numerator and denominator of its influence.

    With the class chosen on other patients this is a plain share of images and has the interval of one; the maximum
    over classes that happen to have g < 0 has none that covers.
    """
    counts = counts_of(rows)
    return np.stack([counts.hit[..., label], counts.asked[..., label]], axis=-1)
