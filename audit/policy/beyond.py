"""Evidence that claims nothing below a noise floor; its estimate and interval are those of the evidence inside."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.stats.bootstrap import two_sided

if TYPE_CHECKING:
    from audit.policy.evidence import Evidence
    from audit.stats.interval import Interval


@dataclass(frozen=True, eq=False)
class _Inside:
    inner: Evidence

    @property
    def estimate(self) -> float:
        """The figure itself."""
        return self.inner.estimate

    @property
    def se(self) -> float:
        """Its standard error."""
        return self.inner.se

    @property
    def kish_clusters(self) -> float:
        """How many equal clusters the sample is worth."""
        return self.inner.kish_clusters

    def interval(self, level: float) -> Interval | None:
        """The interval of the figure."""
        return self.inner.interval(level)


@dataclass(frozen=True, eq=False)
class Beyond(_Inside):
    """A difference that has to exceed `floor` on its side of zero, and a test of its own (`least`, a one-sided p).

    To be shown above a value from 0 up is to be shown above the floor too, and likewise below. Claims that no noise can
    make (above minus a margin, below a margin: non-inferiority, equivalence) are as they were.
    """

    floor: float = 0.0
    least: float = 0.0

    def p(self, value: float) -> tuple[float, float]:
        """One-sided p-values against a value, or against the floor beyond it."""
        above = self.inner.p(max(value, self.floor) if value >= 0 else value)[0]
        below = self.inner.p(min(value, -self.floor) if value <= 0 else value)[1]
        if math.isnan(above + below):
            return above, below
        return (max(above, self.least) if value >= 0 else above), (max(below, self.least) if value <= 0 else below)

    def p_two_sided(self, value: float) -> float:
        """The larger of the p against the value and twice the one-sided p beyond the floor."""
        p = self.inner.p_two_sided(value)
        if value != 0:
            return p
        least = min(1.0, 2 * self.least)
        return max(p, least) if self.floor == 0 else max(p, least, two_sided(*self.p(0.0)))


@dataclass(frozen=True, eq=False)
class Exceeding(_Inside):
    """A rate that counts as high only where it exceeds `floor`, what asking again does: `exceeds` is the one-sided p of
    that."""

    floor: float
    exceeds: float

    def p(self, value: float) -> tuple[float, float]:
        """One-sided p-values against a threshold; above it only where the rate exceeds the noise as well."""
        above, below = self.inner.p(value)
        return (above if math.isnan(above) else max(above, self.exceeds)), below

    def p_two_sided(self, value: float) -> float:
        """Against the floor: twice the one-sided p, since fewer changes than by asking again say nothing."""
        if value != self.floor:
            return self.inner.p_two_sided(value)
        return math.nan if math.isnan(self.exceeds) else min(1.0, 2 * self.exceeds)


@dataclass(frozen=True, eq=False)
class OwnP(_Inside):
    """A figure that is tested against `null` by a test of its own (`own`, two-sided or of an absolute value)."""

    null: float
    own: float

    def p(self, value: float) -> tuple[float, float]:
        """One-sided p-values against a value; above it only where the own test shows the figure above `null`, too."""
        above, below = self.inner.p(value)
        return (above + self.own if math.isnan(above + self.own) else max(above, self.own)), below

    def p_two_sided(self, value: float) -> float:
        """The own p against `null`; else that of the figure."""
        return self.own if value == self.null else self.inner.p_two_sided(value)
