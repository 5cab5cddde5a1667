"""What plots draw: rows of marks with intervals, in plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["model", "base"]


@dataclass(frozen=True)
class Mark:
    """An estimate with its interval (None where there is none), of the model or of its base."""

    role: Role
    estimate: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of a plot. `limit` is the policy's threshold, `null` the value that `reference` reaches: chance, or
    asking the same again. `difference` is the model minus its base with `difference_limit`, its own threshold."""

    label: str
    detail: str = ""
    marks: tuple[Mark, ...] = ()
    limit: float | None = None
    null: float | None = None
    reference: str = "chance"
    difference: Mark | None = None
    difference_limit: float | None = None


def spoken(rows: Sequence[Row]) -> str:
    """The rows as sentences: the text alternative of any plot of them."""
    return " ".join(_spoken(row) for row in rows)


def _spoken(row: Row) -> str:
    parts = [_said("model" if mark.role == "model" else "base", mark) for mark in row.marks]
    if row.difference is not None:
        parts.append(_said("difference from base", row.difference))
    if row.limit is not None:
        parts.append(f"threshold {row.limit:.1%}")
    if row.null is not None:
        parts.append(f"{row.reference} {row.null:.1%}")
    detail = f" ({row.detail})" if row.detail else ""
    return f"{row.label}{detail}: {', '.join(parts)}."


def _said(who: str, mark: Mark) -> str:
    ends = "" if mark.low is None or mark.high is None else f" ({mark.low:.1%} to {mark.high:.1%})"
    return f"{who} {mark.estimate:.1%}{ends}"
