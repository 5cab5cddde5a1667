"""Rows: what each observation adds to a measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from audit.core.measure import Row
from audit.core.observation import ModelRole, Observation


def right_row(seen: Observation) -> tuple[float, float] | None:
    """(score, 1)."""
    return None if seen.value is None else (seen.value, 1.0)


def of_half(row: Row, half: str) -> Row:
    """`row` of observations of one half of the patients."""
    return lambda seen: row(seen) if seen.tags.get("half") == half else None


def of_class(row: Row, name: str) -> Row:
    """`row` of observations of one class."""
    return lambda seen: row(seen) if seen.tags.get("class") == name else None


def having(cluster: str) -> Callable[[Observation], bool | None]:
    """Whether an image has a region of a cluster."""
    return lambda seen: cluster in seen.tags.get("regions", "").split()


def looked_up(rows: Mapping[ModelRole, Mapping[str, Sequence[float]]]) -> Row:
    """Rows that were made for each model and item."""
    return lambda seen: rows.get(seen.model, {}).get(seen.item)
