"""Does an answer change more often than it does when nothing changes? An exact test against repeated questions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def repeat_p(clusters: Sequence[ArrayLike]) -> float:
    """One-sided exact p of H0 "what was done changes an answer no more often than asking again does".

    One array (m, 1 + K) of 0 and 1 per cluster: a row per question, column 0 says whether the answer changed when the
    question was asked again, the others whether it changed under each of K conditions, all against the same first
    answer. Under H0 the 1 + K columns of a cluster are exchangeable, given the first answer: had any of them been the
    repeat, it would have been as likely. So p is the chance that, a column of each cluster being drawn to be the repeat
    (clusters independent, all questions of a cluster together), the repeats change as seldom as they did or more
    seldom. It conditions on how often answers changed at all, so a model that never contradicts itself loses nothing by
    how few questions were asked again; with K = 1 and clusters of one question it is the one-sided exact McNemar test.

    NaN without clusters. Raises `ValueError` for values other than 0 and 1 or a cluster without a condition.
    """
    if not len(clusters):
        return float("nan")
    chance, seen = np.ones(1), 0
    for given in clusters:
        sums = _sums(given)
        seen += int(sums[0])
        chance = np.convolve(chance, np.bincount(sums) / len(sums))
    return min(1.0, float(chance[: seen + 1].sum()))


def _sums(given: ArrayLike) -> NDArray[np.int64]:
    """How many answers changed in each column (1 + K,)."""
    changed = np.asarray(given, dtype=np.float64)
    if changed.ndim != 2 or changed.shape[1] < 2 or not np.isin(changed, (0.0, 1.0)).all():
        raise ValueError(f"Expected an array (m, 1 + K) of 0 and 1 but got shape {changed.shape}.")
    return np.asarray(changed.sum(axis=0), dtype=np.int64)
