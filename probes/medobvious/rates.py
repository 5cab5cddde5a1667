"""Rows of the rates: what each observation adds to accuracy, sensitivity, false alarms and Youden's J."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from audit.core.measure import Row
from audit.core.observation import Observation

if TYPE_CHECKING:
    from numpy.typing import NDArray


def accuracy_row(observation: Observation) -> Sequence[float] | None:
    """(correct, 1)."""
    return None if observation.value is None else (observation.value, 1.0)


def sensitivity_row(observation: Observation) -> Sequence[float] | None:
    """(found and located, 1), pictures with an outlier only. What could not be read was not found."""
    return accuracy_row(observation) if observation.tags["polarity"] == "positive" else None


def alarm_row(observation: Observation) -> Sequence[float] | None:
    """(an outlier was named, 1), pictures without an outlier only. What could not be read named none."""
    if observation.value is None or observation.tags["polarity"] != "negative":
        return None
    return float(observation.outcome == "wrong"), 1.0


def youden_row(observation: Observation) -> Sequence[float] | None:
    """(found, pictures with an outlier, alarms, pictures without)."""
    found, alarm = sensitivity_row(observation), alarm_row(observation)
    if found is None and alarm is None:
        return None
    return *(found or (0.0, 0.0)), *(alarm or (0.0, 0.0))


def invalid_row(observation: Observation) -> Sequence[float] | None:
    """(refused, truncated or unreadable, 1)."""
    return None if observation.value is None else (float(not observation.judged), 1.0)


def youden(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sensitivity less false-alarm rate, of totals (..., 4); NaN where either is undefined. Youden, Cancer 1950."""
    found, positive, alarms, negative = np.moveaxis(totals, -1, 0)
    defined = (positive > 0) & (negative > 0)
    value = found / np.where(defined, positive, 1) - alarms / np.where(defined, negative, 1)
    return np.where(defined, value, np.nan)


def narrowed(row: Row, tags: Mapping[str, str]) -> Row:
    """`row` for observations that have these tags, None for all others."""

    def narrow(observation: Observation) -> Sequence[float] | None:
        fits = all(observation.tags.get(name) == value for name, value in tags.items())
        return row(observation) if fits else None

    return narrow
