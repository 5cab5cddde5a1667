"""Two sides of one model's answers, a slice and the rest, as totals over the same clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.core.contrast import BetweenSlices
from audit.core.observation import Observation
from audit.policy.arm import Arm, Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sides:
    """Places inside a slice and outside it, each with a row in the arm that they were taken from, in sorted order."""

    inside: tuple[Place, ...]
    outside: tuple[Place, ...]
    clusters: tuple[str, ...]

    @classmethod
    def of(cls, measure: BetweenSlices, arm: Arm, places: Sequence[Place]) -> Sides:
        """Part these places of an arm."""
        sides: dict[bool, list[Place]] = {True: [], False: []}
        for place in places:
            side = measure.within(arm.observations[place]) if arm.rows[place] is not None else None
            if side is not None:
                sides[side].append(place)
        clusters = sorted({arm.observations[place].cluster for place in (*sides[True], *sides[False])})
        return cls(tuple(sides[True]), tuple(sides[False]), tuple(clusters))

    @property
    def places(self) -> tuple[Place, ...]:
        """Both sides."""
        return (*self.inside, *self.outside)

    def totals(self, arm: Arm) -> tuple[Array, Array]:
        """Totals (C, K) of either side, row i being the same cluster."""
        return self._sum(arm, self.inside), self._sum(arm, self.outside)

    def strata(self, arm: Arm, names: Sequence[str], measure: BetweenSlices) -> tuple[Array, Array, Array]:
        """Totals (C, S, K) of either side by stratum, and the items (S,) of both sides by stratum."""
        index = {name: place for place, name in enumerate(names)}
        both = [np.zeros((len(self.clusters), len(names), _width(arm))) for _ in range(2)]
        items = np.zeros(len(names))
        row_of = {name: place for place, name in enumerate(self.clusters)}
        for side, places in zip(both, (self.inside, self.outside), strict=True):
            for place in places:
                seen, row = arm.observations[place], arm.rows[place]
                stratum = index[_stratum(measure, seen)]
                side[row_of[seen.cluster], stratum] += np.asarray(row, dtype=np.float64)
                items[stratum] += 1
        return both[0], both[1], items

    def names(self, arm: Arm, measure: BetweenSlices) -> tuple[str, ...]:
        """All strata of these places, in alphabetical order."""
        return tuple(sorted({_stratum(measure, arm.observations[place]) for place in self.places}))

    def _sum(self, arm: Arm, places: Sequence[Place]) -> Array:
        row_of = {name: place for place, name in enumerate(self.clusters)}
        totals = np.zeros((len(self.clusters), _width(arm)))
        for place in places:
            totals[row_of[arm.observations[place].cluster]] += np.asarray(arm.rows[place], dtype=np.float64)
        return totals


def _stratum(measure: BetweenSlices, seen: Observation) -> str:
    return "" if measure.stratum is None else measure.stratum(seen)


def _width(arm: Arm) -> int:
    return max((len(row) for row in arm.rows.values() if row is not None), default=1)
