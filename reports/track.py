"""A finding's interval as a small line drawing: where it lies against threshold, chance and base."""

from __future__ import annotations

from dataclasses import dataclass

from reports import measured
from reports.grouping import Group
from reports.schema import FindingPart

WIDTH = 1000


@dataclass(frozen=True)
class Track:
    """Positions from 0 to 1000 along the line; None: nothing to show. `first` and `last` name its ends."""

    estimate: int
    low: int | None
    high: int | None
    limit: int | None
    null: int | None
    base: int | None
    first: str
    last: str


def track(finding: FindingPart, group: Group | None) -> Track | None:
    """The drawing of a score or a difference; None where it fits no such scale or there is no estimate."""
    estimate = finding["estimate"]
    if estimate is None or not measured.fits_a_percent_axis(finding):
        return None
    difference = measured.is_difference(finding)
    base = group.base["estimate"] if group and group.base and not difference else None
    limit = finding["threshold"]
    seen = [v for v in (estimate, finding["ci_low"], finding["ci_high"], limit, base) if v is not None]
    reach = max([0.1, *map(abs, seen)])
    low, high = (-reach, reach) if difference else (min([0.0, *seen]), max([1.0, *seen]))

    def place(value: float | None) -> int | None:
        return None if value is None else round((value - low) / (high - low) * WIDTH)

    return Track(
        estimate=round((estimate - low) / (high - low) * WIDTH),
        low=place(finding["ci_low"]),
        high=place(finding["ci_high"]),
        limit=place(limit),
        null=place(0.0 if difference else finding["null"]),
        base=place(base),
        first=_end(finding, low, difference and finding["direction"]),
        last=_end(finding, high, difference and finding["direction"]),
    )


def _end(finding: FindingPart, value: float, direction: str | bool) -> str:
    """An end of the line, with what it means where the line is one of differences."""
    text = measured.value(finding, value) or ""
    if direction not in ("higher", "lower"):
        return text
    return f"{text}, {'better' if (value > 0) == (direction == 'higher') else 'worse'}"
