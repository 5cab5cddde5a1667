"""A count of runs, with its exact interval."""

from __future__ import annotations

from dataclasses import dataclass

from audit.core.canonical import Json
from audit.stats.proportion import clopper_pearson_lower


@dataclass(frozen=True)
class Tally:
    """`hits` of `runs` independent runs, with the two-sided exact interval (Clopper and Pearson 1934) at 95%."""

    hits: int
    runs: int

    @property
    def share(self) -> float:
        """The share, NaN without runs."""
        return self.hits / self.runs if self.runs else float("nan")

    @property
    def low(self) -> float:
        """The lower bound; 0 without runs."""
        return clopper_pearson_lower(self.hits, self.runs, 0.025)

    @property
    def high(self) -> float:
        """The upper bound; 1 without runs."""
        return 1 - clopper_pearson_lower(self.runs - self.hits, self.runs, 0.025)

    def plain(self) -> dict[str, Json]:
        """As plain data."""
        return {"hits": self.hits, "runs": self.runs, "low": round(self.low, 5), "high": round(self.high, 5)}

    @property
    def words(self) -> str:
        """ "57 of 60 (0.861 to 0.990)"."""
        return f"{self.hits} of {self.runs} ({self.low:.3f} to {self.high:.3f})"
