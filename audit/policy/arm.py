"""An arm: what one model answered under one condition, ready to be summed or paired with another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from audit.core.measure import Measure
from audit.core.observation import ModelRole, Observation

if TYPE_CHECKING:
    from numpy.typing import NDArray

Place = tuple[str, int]


class Cell(dict[Place, Observation]):
    """Answered observations of one role, scoring and condition by place, with what all measures of them share."""

    located: tuple[Sequence[Place], NDArray[np.intp], NDArray[np.intp]] | None = None

    @cached_property
    def _parted(self) -> dict[str, dict[str, Cell]]:
        return {}

    def among(self, tag: str, value: str) -> Cell:
        """The part of the cell with this value of a tag; parted once for all values."""
        if tag not in self._parted:
            parts = self._parted[tag] = {}
            for place, row in self.items():
                if tag in row.tags:
                    parts.setdefault(row.tags[tag], Cell())[place] = row
        return self._parted[tag].get(value, _NOTHING)

    @cached_property
    def order(self) -> dict[Place, int]:
        """The number of each place."""
        return {place: number for number, place in enumerate(self)}

    @cached_property
    def codes(self) -> NDArray[np.intp]:
        """The cluster of each place as a number, in the order of the places."""
        names: dict[str, int] = {}
        codes = (names.setdefault(row.cluster, len(names)) for row in self.values())
        return np.fromiter(codes, dtype=np.intp, count=len(self))

    @cached_property
    def unread(self) -> frozenset[Place]:
        """Places whose answer could not be read."""
        return frozenset(place for place, row in self.items() if not row.judged)

    @cached_property
    def reread(self) -> Mapping[Place, tuple[Observation, Observation]]:
        """The unread answers as if they had been wrong, and right."""
        return {place: (_counted(self[place], right=False), _counted(self[place], right=True)) for place in self.unread}


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

    @cached_property
    def cell(self) -> Cell:
        """The observations with what is shared between measures."""
        return self.observations if isinstance(self.observations, Cell) else Cell(self.observations)

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """The rows (n, k) in the order of the cell; zeros where there is none."""
        width = max((len(row) for row in self.rows.values() if row is not None), default=1)
        nothing = (0.0,) * width
        return np.array([self.rows[place] or nothing for place in self.cell], dtype=np.float64).reshape(-1, width)

    def totals(self, places: Sequence[Place]) -> NDArray[np.float64]:
        """Sums per cluster, shape (C, k), clusters in order of first appearance; a place without a row adds zeros."""
        numbers, where = self.numbers[self._numbered(places)], self._clusters(places)
        clusters = int(where.max(initial=-1)) + 1
        columns = [np.bincount(where, column, clusters) for column in numbers.T]
        return np.ascontiguousarray(np.stack(columns, axis=1))

    def sizes(self, places: Sequence[Place]) -> NDArray[np.float64]:
        """Answers per cluster (C,), clusters as in `totals`."""
        return np.bincount(self._clusters(places)).astype(np.float64)

    def _numbered(self, places: Sequence[Place]) -> NDArray[np.intp]:
        return self._located(places)[0]

    def _clusters(self, places: Sequence[Place]) -> NDArray[np.intp]:
        """The cluster of each place, numbered in order of first appearance."""
        return self._located(places)[1]

    def _located(self, places: Sequence[Place]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The numbers of these places and of their clusters; kept for the next question about the same places."""
        if self.cell.located is None or self.cell.located[0] is not places:
            order = self.cell.order
            numbers = np.fromiter(map(order.__getitem__, places), dtype=np.intp, count=len(places))
            _, first, which = np.unique(self.cell.codes[numbers], return_index=True, return_inverse=True)
            clusters = np.asarray(np.argsort(np.argsort(first))[which.reshape(-1)], dtype=np.intp)
            if not isinstance(places, tuple):
                return numbers, clusters
            self.cell.located = places, numbers, clusters
        return self.cell.located[1:]

    def at(self, places: Iterable[Place]) -> tuple[Observation, ...]:
        """The observations at these places."""
        return tuple(self.observations[place] for place in places)

    def unjudged(self, places: Iterable[Place]) -> frozenset[str]:
        """The items at these places whose answer could not be read."""
        unread = self.cell.unread
        return frozenset(place[0] for place in places if place in unread) if unread else frozenset()


@dataclass(frozen=True)
class Arms:
    """All observations of a probe, looked up by role, scoring and condition."""

    cells: Mapping[tuple[ModelRole, str, str], Mapping[Place, Observation]]

    @classmethod
    def of(cls, observations: Sequence[Observation]) -> Arms:
        """Group observations. Raises `ValueError` where one place was observed twice: it would count double."""
        cells: dict[tuple[ModelRole, str, str], dict[Place, Observation]] = {}
        places: dict[Place, Place] = {}  # one tuple per place serves all cells: the same thing compares fast
        for row in observations:
            cell = cells.setdefault((row.model, row.scoring, row.condition), {})
            place = (row.item, row.sample)
            if place in cell:
                raise ValueError(f"Expected one observation per place but got two of {row}.")
            cell[places.setdefault(place, place)] = row
        return cls(cells)

    @cached_property
    def _answered(self) -> Mapping[tuple[ModelRole, str, str], Cell]:
        """The cells without missing answers, places in sorted order."""
        return {
            key: Cell((place, cell[place]) for place in sorted(cell) if cell[place].outcome != "error")
            for key, cell in self.cells.items()
        }

    def arm(self, measure: Measure, role: ModelRole, control: str | None = None) -> Arm:
        """The arm of a role under the measure's condition, or under a control in its place."""
        key = (role, measure.scoring, measure.condition) if control is None else (role, "control", control)
        there = self._answered.get(key, _NOTHING)
        if measure.among is not None:
            there = there.among(*measure.among)
        return Arm(there, {place: measure.row(row) for place, row in there.items()})


_NOTHING = Cell()


def common(first: Arm, second: Arm) -> tuple[Place, ...]:
    """Places answered in both arms of which at least one has a row: those a paired difference is made of."""
    ours, theirs = first.rows, second.rows
    there = second.observations
    return tuple(sorted(p for p, row in ours.items() if p in there and (row is not None or theirs[p] is not None)))


def unpaired(first: Arm, second: Arm) -> int:
    """Items that enter one arm and have no answer in the other: named in the finding, never dropped in silence."""
    lost = {place[0] for place in first.places if place not in second.observations}
    return len(lost | {place[0] for place in second.places if place not in first.observations})


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
    rows = [row for row in reread_rows(measure, arm, places, right=right) if row is not None]
    return float(measure.statistic(np.sum(np.array(rows, dtype=np.float64), axis=0))) if rows else float("nan")


def reread_rows(
    measure: Measure, arm: Arm, places: Sequence[Place], *, right: bool
) -> Iterator[Sequence[float] | None]:
    """The rows at these places with every unread answer taken for wrong, or for right."""
    reread = arm.cell.reread
    for place in places:
        again = reread.get(place)
        yield arm.rows[place] if again is None else measure.row(again[right])


def _counted(row: Observation, *, right: bool) -> Observation:
    """An unread answer as if it had been right or wrong."""
    given = row.target if right else None
    return replace(row, outcome="correct" if right else "wrong", value=float(right), given=given)
