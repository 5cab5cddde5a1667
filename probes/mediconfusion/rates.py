"""Rows of the rates: what each observation adds to a numerator and a denominator.

A `given` of None (an unread answer taken for wrong, when bounds are computed) names no letters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from audit.core.measure import Row
from audit.core.observation import Observation
from probes.mediconfusion.pairs import UNREAD, is_pair

if TYPE_CHECKING:
    from numpy.typing import NDArray

Two = tuple[float, float]


def right_row(observation: Observation) -> Two | None:
    """(all right, 1)."""
    return None if observation.value is None else (observation.value, 1.0)


def confusion_row(observation: Observation) -> Two | None:
    """(both images given the same letter, 1), over all pairs: a pair with an unread answer was not confused, but stays
    in the denominator."""
    return None if observation.value is None else (float(same_letter(observation)), 1.0)


def published_confusion_row(observation: Observation) -> Two | None:
    """(both images given the same letter, 1), over pairs with both answers valid: whoever refuses looks less
    confused."""
    return confusion_row(observation) if _read(observation) else None


def invalid_row(observation: Observation) -> Two | None:
    """(refused, truncated or unreadable, 1)."""
    return None if observation.value is None else (float(not observation.judged), 1.0)


def position_row(observation: Observation) -> Two | None:
    """(the same letter in both orders, 1): the answer followed the place and not the content."""
    return confusion_row(observation) if _read(observation) else None


def positional_confusion_row(observation: Observation) -> Two | None:
    """(one letter throughout, 1) over pairs that were confused in the published order: `given` holds first image
    published, first swapped, second published, second swapped."""
    given = observation.given or ""
    if observation.value is None or len(given) != 4 or not _read(observation) or given[0] != given[2]:
        return None
    return float(len(set(given)) == 1), 1.0


def same_letter(observation: Observation) -> bool:
    """Whether all parts were given one and the same letter."""
    return _read(observation) and len(set(observation.given or "")) == 1


def of_images(row: Callable[[Observation], Two | None], tags: Mapping[str, str]) -> Row:
    """`row` for observations of single images that have these tags."""
    return lambda seen: row(seen) if not is_pair(seen) and _tagged(seen, tags) else None


def of_pairs(row: Callable[[Observation], Two | None], tags: Mapping[str, str]) -> Row:
    """`row` for observations of pairs that have these tags."""
    return lambda seen: row(seen) if is_pair(seen) and _tagged(seen, tags) else None


def in_category(row: Row, category: str) -> Row:
    """`row` counted once for each image that carries the category, as published: twice where both images of a pair
    do."""

    def counted(observation: Observation) -> Sequence[float] | None:
        names = [observation.tags.get(key, "") for key in ("categories", "categories_1", "categories_2")]
        times = sum(category in name.split("|") for name in names)
        numbers = row(observation) if times else None
        return None if numbers is None else tuple(times * number for number in numbers)

    return counted


def difference_row(observation: Observation) -> Sequence[float] | None:
    """(right, 1) of easy pairs, then of confusable ones."""
    numbers = right_row(observation) if is_pair(observation) else None
    if numbers is None:
        return None
    return (*numbers, 0.0, 0.0) if observation.tags["pairs"] == "easy" else (0.0, 0.0, *numbers)


def difference(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """The first share less the second, of totals (..., 4); NaN where either is undefined."""
    right, n, other, m = np.moveaxis(totals, -1, 0)
    defined = (n > 0) & (m > 0)
    return np.where(defined, right / np.where(defined, n, 1) - other / np.where(defined, m, 1), np.nan)


def _read(observation: Observation) -> bool:
    return bool(observation.given) and UNREAD not in (observation.given or "")


def _tagged(observation: Observation, tags: Mapping[str, str]) -> bool:
    return all(observation.tags.get(name) == value for name, value in tags.items())
