"""An arm: what one model answered under one condition, ready to be summed or paired with another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from audit.core.measure import Measure
from audit.core.observation import ModelRole, Observation
from audit.stats.clusters import total_by_cluster

if TYPE_CHECKING:
    from numpy.typing import NDArray

Place = tuple[str, int]


@dataclass(frozen=True)
class Arm:
    """Observations of one role, scoring and condition by (item, sample), with their rows under one measure.

    `rows` holds None where an observation does not enter the measure; places whose answer is missing (`error`) are
    left out altogether.
    """

    observations: Mapping[Place, Observation]
    rows: Mapping[Place, Sequence[float] | None]

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Where the measure has a row, in sorted order (so that the order of answers changes nothing)."""
        return tuple(sorted(place for place, row in self.rows.items() if row is not None))

    def totals(self, places: Sequence[Place]) -> NDArray[np.float64]:
        """Sums per cluster, shape (C, k), clusters in order of first appearance; a place without a row adds zeros."""
        width = max((len(row) for row in self.rows.values() if row is not None), default=1)
        rows = [self.rows[place] or (0.0,) * width for place in places]
        return total_by_cluster(self._clusters(places), np.array(rows, dtype=np.float64))[1]

    def sizes(self, places: Sequence[Place]) -> NDArray[np.float64]:
        """Answers per cluster (C,), clusters as in `totals`."""
        return total_by_cluster(self._clusters(places), np.ones((len(places), 1)))[1][:, 0]

    def _clusters(self, places: Sequence[Place]) -> list[str]:
        return [self.observations[place].cluster for place in places]

    def at(self, places: Iterable[Place]) -> tuple[Observation, ...]:
        """The observations at these places."""
        return tuple(self.observations[place] for place in places)

    def unjudged(self, places: Iterable[Place]) -> frozenset[str]:
        """The items at these places whose answer could not be read."""
        return frozenset(place[0] for place in places if not self.observations[place].judged)


@dataclass(frozen=True)
class Arms:
    """All observations of a probe, looked up by role, scoring and condition."""

    cells: Mapping[tuple[ModelRole, str, str], Mapping[Place, Observation]]

    @classmethod
    def of(cls, observations: Sequence[Observation]) -> Arms:
        """Group observations. Raises `ValueError` where one place was observed twice: it would count double."""
        cells: dict[tuple[ModelRole, str, str], dict[Place, Observation]] = {}
        for row in observations:
            cell = cells.setdefault((row.model, row.scoring, row.condition), {})
            if (row.item, row.sample) in cell:
                raise ValueError(f"Expected one observation per place but got two of {row}.")
            cell[row.item, row.sample] = row
        return cls(cells)

    def arm(self, measure: Measure, role: ModelRole, control: str | None = None) -> Arm:
        """The arm of a role under the measure's condition, or under a control in its place."""
        key = (role, measure.scoring, measure.condition) if control is None else (role, "control", control)
        there = {place: row for place, row in self.cells.get(key, {}).items() if row.outcome != "error"}
        return Arm(there, {place: measure.row(row) for place, row in there.items()})


def common(first: Arm, second: Arm) -> tuple[Place, ...]:
    """Places answered in both arms of which at least one has a row: those a paired difference is made of."""
    shared = first.observations.keys() & second.observations.keys()
    return tuple(sorted(p for p in shared if first.rows[p] is not None or second.rows[p] is not None))


def unpaired(first: Arm, second: Arm) -> int:
    """Items that enter one arm and have no answer in the other: named in the finding, never dropped in silence."""
    lost = {place for place in first.places if place not in second.observations}
    lost |= {place for place in second.places if place not in first.observations}
    return len({item for item, _ in lost})


def bounds(measure: Measure, arm: Arm) -> tuple[float, float] | None:
    """The value if every unread answer were wrong, and if every one were right.

    None where all were read, or where the measure is not about right and wrong (the value does not lie between).
    """
    places = arm.places
    if not arm.unjudged(places):
        return None
    value = float(measure.statistic(arm.totals(places).sum(axis=0)))
    worst = _reread(measure, arm, places, right=False)
    best = _reread(measure, arm, places, right=True)
    slack = 1e-9
    return (worst, best) if min(worst, best) - slack <= value <= max(worst, best) + slack and worst != best else None


def _reread(measure: Measure, arm: Arm, places: Sequence[Place], *, right: bool) -> float:
    rows = []
    for row in arm.at(places):
        if not row.judged:
            given = row.target if right else None
            row = replace(row, outcome="correct" if right else "wrong", value=float(right), given=given)  # noqa: PLW2901
        numbers = measure.row(row)
        if numbers is not None:
            rows.append(tuple(numbers))
    return float(measure.statistic(np.sum(np.array(rows, dtype=np.float64), axis=0))) if rows else float("nan")
