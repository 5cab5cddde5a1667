"""Evidence of contrasts between slices: differences, differences of differences, and ratios."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from audit.stats.bootstrap import two_sided
from audit.stats.did import Did
from audit.stats.interval import Interval
from audit.stats.ratio import Ratio
from audit.stats.slices import SliceDifference


@dataclass(frozen=True, eq=False)
class Gap:
    """A difference of two slices, or of two models' differences on slices; `reach` is the largest that it can be."""

    contrast: SliceDifference | Did
    reach: float = math.inf

    @property
    def estimate(self) -> float:
        """Slice less rest."""
        return self.contrast.estimate

    @property
    def se(self) -> float:
        """Standard deviation over resamples."""
        return self.contrast.boot.se

    @property
    def kish_clusters(self) -> float:
        """Those of the side that is worth fewer."""
        return self.contrast.boot.kish_clusters

    def interval(self, level: float) -> Interval | None:
        """By the method that the slices allow, cut at what is possible."""
        found = self.contrast.interval_at(level)
        if found is None:
            return None
        return replace(found, low=max(found.low, -self.reach), high=min(found.high, self.reach))

    def p(self, value: float) -> tuple[float, float]:
        """By inversion of the same interval."""
        return self.contrast.p_at(value)

    def p_two_sided(self, value: float) -> float:
        """Twice the smaller one-sided p."""
        return two_sided(*self.p(value))


@dataclass(frozen=True, eq=False)
class Quotient:
    """A ratio that was not kept back. Its standard error is that of the logarithm times the ratio (delta method)."""

    ratio: Ratio

    @property
    def estimate(self) -> float:
        """Slice over rest, NaN where kept back."""
        return math.nan if self.ratio.estimate is None else self.ratio.estimate

    @property
    def se(self) -> float:
        """In the ratio's own unit."""
        return math.nan if self.ratio.boot is None else self.ratio.boot.se * self.estimate

    @property
    def kish_clusters(self) -> float:
        """Those of the side that is worth fewer."""
        return 0.0 if self.ratio.boot is None else self.ratio.boot.kish_clusters

    def interval(self, level: float) -> Interval | None:
        """On the log scale."""
        return self.ratio.interval_at(level)

    def p(self, value: float) -> tuple[float, float]:
        """By inversion of the same interval."""
        return self.ratio.p_at(value)

    def p_two_sided(self, value: float) -> float:
        """Twice the smaller one-sided p."""
        return two_sided(*self.p(value))
