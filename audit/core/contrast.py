"""Measures that are contrasts of one model with itself (against another condition, between slices of the data), and
those that bring their own test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from audit.core.item import CLEAN
from audit.core.measure import Measure
from audit.core.observation import ModelRole, Observation

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class AgainstCondition(Measure):
    """The measure's value under its condition less that under `reference`, over items answered under both (`vs_clean`);
    with two models also the difference of their differences (`did`). It has no finding of its own beyond these.

    `comparison` is "vs_control" where the reference is a condition that leaves out what the other one is about;
    `than` is what the reference is called in a sentence ("" for a name made of the condition)."""

    reference: str = CLEAN
    comparison: Literal["vs_clean", "vs_control"] = "vs_clean"
    than: str = ""


@dataclass(frozen=True)
class FlipRate(Measure):
    """A share of answers that differ from the answer to the same question under `reference`.

    `flips` are the conditions of the single flips (value 1 where the answer is another one, else 0) of which an
    observation under `condition` is the mean; () where it is a single one itself. Where questions were asked again, the
    rate is tested against how often the answer changes then, by `audit.stats.repeats.repeat_p`.

    `control` is the condition of flips under a control of what was done ("" for none): the rate then counts as high
    only where it exceeds the control's over the same items, by exchanging both inside clusters. The control was asked
    anew as well, so that it stands for the repeats, too.
    """

    reference: str = CLEAN
    flips: tuple[str, ...] = ()
    control: str = ""

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


def _untested(_: ModelRole, __: np.random.Generator) -> float:
    return float("nan")


@dataclass(frozen=True)
class OwnTest(Measure):
    """A statistic whose absolute value is tested against `null` by a test of its own, since inverting its interval
    would be none: a sum of absolute values, say, or the largest of many.

    `test` gives the p of a model role from the finding's own generator (NaN where it cannot be told), and `tested` says
    in a sentence what a small one means ("{p}" stands for it). Two models are not compared by it: what chance adds to a
    sum of absolute values depends on how good a model is.
    """

    test: Callable[[ModelRole, np.random.Generator], float] = _untested
    tested: str = ""
