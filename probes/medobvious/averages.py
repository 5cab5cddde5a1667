"""The leaderboard's averages: unweighted means of columns, each a share of its own questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from audit.core.measure import Row
from audit.core.observation import Observation
from probes.medobvious.formats import FORMATS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.core.measure import Statistic

_SEVEN = (*(("format", name) for name in FORMATS), ("polarity", "positive"), ("polarity", "negative"))


def average_of_seven() -> tuple[Row, Statistic]:
    """ "Avg" of the published leaderboard: the five formats, positives and negatives, each column weighing the same."""
    return columns_row(_SEVEN), mean_of_columns


def mean_of_tiers(tiers: Sequence[str]) -> tuple[Row, Statistic]:
    """ "All" of the published leaderboard: the tiers, each weighing the same."""
    return columns_row(tuple(("tier", tier) for tier in tiers)), mean_of_columns


def columns_row(columns: Sequence[tuple[str, str]]) -> Row:
    """Rows of (correct, 1) for each column (tag, value) that an observation belongs to, zeros elsewhere: shape
    (2 * columns,)."""

    def row(observation: Observation) -> Sequence[float] | None:
        if observation.value is None:
            return None
        numbers: list[float] = []
        for tag, value in columns:
            numbers += [observation.value, 1.0] if observation.tags.get(tag) == value else [0.0, 0.0]
        return numbers

    return row


def parts_of(columns: int) -> tuple[tuple[int, int, float], ...]:
    """The mean of this many columns as a weighted sum of shares."""
    return tuple((2 * k, 2 * k + 1, 1 / columns) for k in range(columns))


def mean_of_columns(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """The unweighted mean of the columns' shares, of totals (..., 2 * columns); NaN where a column is empty."""
    right, asked = totals[..., 0::2], totals[..., 1::2]
    shares = np.where(asked > 0, right / np.where(asked > 0, asked, 1), np.nan)
    return np.asarray(shares.mean(axis=-1), dtype=np.float64)
