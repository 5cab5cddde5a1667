"""A weighted sum of shares, bounded through its shares where resampling sees too little variation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audit.stats.clusters import kish, sizes_of
from audit.stats.interval import Interval
from audit.stats.proportion import korn_graubard

FEW_VARYING = 15.0
"""Below this many (equal) clusters that hold the rarer outcome, and below a third of all, BCa is not relied on."""
METHOD = "Korn-Graubard of the shares, added"

Part = tuple[int, int, float]
"""Columns of a share's numerator and denominator in the totals, and the share's weight in the sum."""

Array = NDArray[np.float64]


def few_vary(totals: Array, parts: Sequence[Part], sizes: Array | None = None) -> bool:
    """Whether the rarer outcomes of the shares fall into so few clusters (of totals (C, K)) that BCa would claim too
    much: the variation that matters lies in clusters of a kind that were hardly seen."""
    rare = np.zeros(len(totals))
    for numerator, denominator, weight in parts:
        hits, items = totals[:, numerator], totals[:, denominator]
        if items.sum() > 0:
            rarer = hits if 2 * hits.sum() <= items.sum() else items - hits
            rare += abs(weight) * np.maximum(rarer, 0.0) / items.sum()
    worth = kish(sizes_of(totals) if sizes is None else sizes)
    return kish(rare) < min(FEW_VARYING, worth / 3)


def combined_interval(totals: Array, parts: Sequence[Part], level: float) -> Interval | None:
    """The interval of a sum of weighted shares of totals (C, K): distances from each share to its bound are added.

    They are added as they are, not in squares as for independent shares (Zou and Donner 2008), since the shares come
    from the same clusters: a cluster that fails may fail in all of them. Exact where it does, conservative otherwise.
    None where a share has no interval.
    """
    estimate = down = up = 0.0
    for numerator, denominator, weight in parts:
        share = korn_graubard(totals[:, [numerator, denominator]], level)
        if share.interval is None:
            return None
        below, above = share.estimate - share.interval.low, share.interval.high - share.estimate
        estimate += weight * share.estimate
        down += abs(weight) * (below if weight > 0 else above)
        up += abs(weight) * (above if weight > 0 else below)
    return Interval(estimate - down, estimate + up, level, METHOD) if parts else None
