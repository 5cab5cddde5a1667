"""Measures that are contrasts of one model with itself: against another condition, and between slices of the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from audit.core.item import CLEAN
from audit.core.measure import Measure
from audit.core.observation import Observation


@dataclass(frozen=True)
class AgainstCondition(Measure):
    """The measure's value under its condition less that under `reference`, over items answered under both (`vs_clean`);
    with two models also the difference of their differences (`did`). It has no finding of its own beyond these."""

    reference: str = CLEAN


@dataclass(frozen=True)
class FlipRate(Measure):
    """A share of answers that differ from the answer to the same question under `reference`.

    `flips` are the conditions of the single flips (value 1 where the answer is another one, else 0) of which an
    observation under `condition` is the mean; () where it is a single one itself. Where questions were asked again, the
    rate is tested against how often the answer changes then, by `audit.stats.repeats.repeat_p`.
    """

    reference: str = CLEAN
    flips: tuple[str, ...] = ()

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions of the single flips."""
        return self.flips or (self.condition,)


@dataclass(frozen=True)
class BetweenSlices(Measure):
    """The measure's value in a slice against that in the rest, patients drawn once (`between_slices`, `did`).

    `within` says whether an observation lies in the slice (None: in neither side); `row` is that of both sides.
    `stratum` names the case mix of an observation: both sides are then standardised to that of all. `how` is a
    difference or a ratio; a ratio is kept back where the rest's interval reaches `chance`.
    """

    within: Callable[[Observation], bool | None] = lambda _: None
    stratum: Callable[[Observation], str] | None = None
    how: Literal["difference", "ratio"] = "difference"
    chance: float | None = None
