"""Rows and statistics: what each observation adds, and what the sums come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from audit.core.measure import Row, share
from audit.core.observation import Observation
from probes.shifts.derive import LOSS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def right_row(observation: Observation) -> tuple[float, float] | None:
    """(score, 1)."""
    return None if observation.value is None else (observation.value, 1.0)


def beyond_chance_row(observation: Observation) -> tuple[float, float] | None:
    """(score - chance, 1 - chance): 0 for guessing, 1 for knowing, whatever the number of options."""
    if observation.value is None:
        return None
    chance = float(observation.tags["chance"])
    return observation.value - chance, 1.0 - chance


def beyond_chance(totals: Array) -> Array:
    """The score corrected for chance. No share of items: it may lie below 0."""
    return share(totals)


def tagged(row: Row, tags: Mapping[str, str]) -> Row:
    """`row` of observations that have these tags."""
    wanted = tuple(tags.items())
    return lambda seen: row(seen) if all(seen.tags.get(name) == value for name, value in wanted) else None


def inside(column: str, value: str) -> Callable[[Observation], bool | None]:
    """Whether an observation lies in the slice: None where the column says nothing."""

    def within(seen: Observation) -> bool | None:
        text = seen.tags.get(column)
        return None if text is None else text == value

    return within


def case_mix(seen: Observation) -> str:
    """Kind of question, and for a closed one what is right: what slices are standardised by."""
    label = seen.tags["answer"] if seen.tags["answer_type"] == "closed" else ""
    return f"{seen.tags['question_type']}|{label}"


def class_rows(classes: Sequence[str]) -> Row:
    """(score, 1) in the columns of the observation's class, zeros elsewhere."""
    index = {name: place for place, name in enumerate(classes)}

    def row(seen: Observation) -> Sequence[float] | None:
        place = index.get(case_mix(seen))
        if seen.value is None or place is None:
            return None
        numbers = [0.0] * (2 * len(classes))
        numbers[2 * place : 2 * place + 2] = [seen.value, 1.0]
        return numbers

    return row


def balanced_error(totals: Array) -> Array:
    """One less the mean recall over classes (those with anything in them), of totals (..., 2 K)."""
    recalls = share(totals.reshape(*totals.shape[:-1], -1, 2))
    there = np.isfinite(recalls)
    count = there.sum(axis=-1)
    mean = np.where(there, recalls, 0.0).sum(axis=-1) / np.where(count > 0, count, 1)
    return np.where(count > 0, 1 - mean, np.nan)


def loss_rows(names: Sequence[str]) -> Row:
    """(loss, 1) for each corruption that the item was asked under, zeros for others."""

    def row(seen: Observation) -> Sequence[float] | None:
        texts = [seen.tags.get(f"{LOSS}{name}") for name in names]
        if all(text is None for text in texts):
            return None
        return [number for text in texts for number in ((0.0, 0.0) if text is None else (float(text), 1.0))]

    return row


def worst(totals: Array) -> Array:
    """The lowest mean change over corruptions, of totals (..., 2 K)."""
    changes = share(totals.reshape(*totals.shape[:-1], -1, 2))
    lowest = np.where(np.isfinite(changes), changes, np.inf).min(axis=-1)
    return np.where(np.isfinite(lowest), lowest, np.nan)
