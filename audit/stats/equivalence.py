"""Equivalence and non-inferiority: what "not significant" never shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from audit.stats.interval import Interval


class Contrast(Protocol):
    """A difference that has an interval at every level and one-sided p-values for every value."""

    def interval_at(self, level: float) -> Interval | None:
        """The two-sided interval at `level`; None where there is none."""

    def p_at(self, value: float) -> tuple[float, float]:
        """(p_above, p_below) of H0 "difference <= value" and of H0 "difference >= value"."""


@dataclass(frozen=True)
class Equivalence:
    """What two one-sided tests say: `interval90` is None, `p` NaN and `equivalent` False where nothing can be said."""

    equivalent: bool
    p: float
    interval90: Interval | None
    margin: float


@dataclass(frozen=True)
class NonInferiority:
    """What the one-sided test says: `bound` is the 97.5% bound on the side of harm, None where there is none."""

    noninferior: bool
    p: float
    bound: float | None
    margin: float


def tost(contrast: Contrast, margin: float) -> Equivalence:
    """Two one-sided tests (Schuirmann 1987): equivalent where the 90% interval lies inside (-margin, margin).

    `p` is the larger of the two one-sided p-values, by the method of the interval. `margin` > 0, in the metric's
    unit; raises `ValueError` otherwise.
    """
    _check(margin)
    interval = contrast.interval_at(0.90)
    p = max(contrast.p_at(-margin)[0], contrast.p_at(margin)[1])
    return Equivalence(interval is not None and interval.inside(-margin, margin), p, interval, margin)


def noninferior(contrast: Contrast, margin: float, direction: Literal["higher", "lower"] = "higher") -> NonInferiority:
    """Not worse by `margin` or more: the one-sided 97.5% bound of the difference stays on the good side of it.

    `direction` says which way of the metric is better: "higher" needs the lower bound above -margin, "lower" the
    upper bound below +margin. `margin` > 0; raises `ValueError` otherwise.
    """
    _check(margin)
    if direction not in ("higher", "lower"):
        raise ValueError(f"Expected `direction` to be 'higher' or 'lower' but got {direction!r}.")
    interval = contrast.interval_at(0.95)
    if direction == "higher":
        p, bound = contrast.p_at(-margin)[0], None if interval is None else interval.low
        return NonInferiority(bound is not None and bound > -margin, p, bound, margin)
    p, bound = contrast.p_at(margin)[1], None if interval is None else interval.high
    return NonInferiority(bound is not None and bound < margin, p, bound, margin)


def _check(margin: float) -> None:
    if not margin > 0:
        raise ValueError(f"Expected `margin` to be above 0 but got {margin!r}.")
