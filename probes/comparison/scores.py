"""Rows of the scores: what one answer adds to right answers, to recalls, and to the table of a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from audit.core.observation import Observation

Numbers = tuple[float, ...]


def right_row(seen: Observation) -> Numbers | None:
    """(right, 1)."""
    return None if seen.value is None else (seen.value, 1.0)


def parsed_row(seen: Observation) -> Numbers | None:
    """(could be read, 1)."""
    return None if seen.value is None else (float(seen.judged), 1.0)


@dataclass(frozen=True)
class Classes:
    """The classes of a set of questions: what occurs as a right answer. An answer that names anything else, or
    nothing, misses its class and is a false positive of none."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, observations: Sequence[Observation]) -> Classes:
        """Those of these observations, in alphabetical order."""
        return cls(tuple(sorted({seen.target for seen in observations})))

    @cached_property
    def place(self) -> dict[str, int]:
        """The number of each class."""
        return {name: number for number, name in enumerate(self.names)}

    @property
    def parts(self) -> tuple[tuple[int, int, float], ...]:
        """Balanced accuracy as a weighted sum of shares (`Measure.parts`)."""
        size = len(self.names)
        return tuple((number, size + number, 1 / size) for number in range(size))

    def table_row(self, seen: Observation) -> Numbers | None:
        """K true positives, K false positives, K misses: the columns of `audit.stats.classes.macro_f1`."""
        target = self.place.get(seen.target)
        if seen.value is None or target is None:
            return None
        size, row = len(self.names), [0.0] * (3 * len(self.names))
        if seen.value == 1:
            row[target] = 1.0
            return tuple(row)
        row[2 * size + target] = 1.0
        said = self.place.get(seen.given or "", target)
        if said != target:
            row[size + said] = 1.0
        return tuple(row)

    def recall_row(self, seen: Observation) -> Numbers | None:
        """K right answers, K items: the columns of `audit.stats.classes.balanced_accuracy`."""
        target = self.place.get(seen.target)
        if seen.value is None or target is None:
            return None
        size, row = len(self.names), [0.0] * (2 * len(self.names))
        row[target], row[size + target] = float(seen.value == 1), 1.0
        return tuple(row)
