"""Direct standardisation: two slices brought to one case mix before any statistic of them is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.core.measure import Statistic

    Array = NDArray[np.float64]


def standardised(
    strata_1: Array, strata_2: Array, items: Array, statistic: Statistic, *, least_clusters: int = 5
) -> tuple[Statistic, Array, Array]:
    """A statistic of one side at the case mix `items`, and the totals (C, S' K) of both sides that it takes.

    `strata_1`, `strata_2` have shape (C, S, K), `items` (S,). Strata with fewer than `least_clusters` clusters on
    either side are left out (S' of S stay); totals without columns say that none is left. In a draw that leaves a
    stratum empty, the weights of the others are scaled up.
    """
    support = np.minimum(*(np.any(side != 0, axis=2).sum(axis=0) for side in (strata_1, strata_2)))
    kept = support >= least_clusters
    weights, shape = np.asarray(items, dtype=np.float64)[kept], (int(kept.sum()), strata_1.shape[2])

    def at_case_mix(sums: Array) -> Array:
        values = statistic(sums.reshape(*sums.shape[:-1], *shape))
        weight = np.where(np.isfinite(values), weights, 0.0)
        total = weight.sum(axis=-1)
        summed = (np.where(np.isfinite(values), values, 0.0) * weight).sum(axis=-1)
        return np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan)

    flat = [side[:, kept].reshape(len(side), -1) for side in (strata_1, strata_2)]
    return at_case_mix, flat[0], flat[1]
