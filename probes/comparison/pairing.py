"""Both models on one item: what was kept, forgotten and learnt, as observations of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from audit.core.item import CLEAN
from audit.core.measure import Row
from audit.core.observation import Observation

TOGETHER = "both models"
"""The condition of the observations that pair the models."""
CELL = "cell"
Cell = Literal["both", "only_model", "only_base", "neither"]
CELLS: Mapping[Cell, str] = {
    "both": "both models right",
    "only_model": "only the model right",
    "only_base": "only the base model right",
    "neither": "neither model right",
}


def together(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """One observation per place that both models answered (clean, strict): the model's, tagged with its cell of the
    2 x 2 table. Places with a missing answer are in none."""
    strict = [row for row in observations if row.scoring == "strict" and row.condition == CLEAN]
    answered = [row for row in strict if row.value is not None and row.outcome != "error"]
    base = {(row.item, row.sample): row for row in answered if row.model == "base"}
    return tuple(
        replace(row, condition=TOGETHER, tags={**row.tags, CELL: _cell(row, base[row.item, row.sample])})
        for row in answered
        if row.model == "model" and (row.item, row.sample) in base
    )


def _cell(model: Observation, base: Observation) -> Cell:
    if model.value == 1:
        return "both" if base.value == 1 else "only_model"
    return "only_base" if base.value == 1 else "neither"


def forgotten_row(seen: Observation) -> tuple[float, float] | None:
    """(the model is wrong, 1) over what the base got right."""
    known = seen.tags[CELL] in ("both", "only_base") and seen.value is not None
    return (float(seen.value != 1), 1.0) if known else None


def learnt_row(seen: Observation) -> tuple[float, float] | None:
    """(the model is right, 1) over what the base did not get right."""
    unknown = seen.tags[CELL] in ("only_model", "neither") and seen.value is not None
    return (float(seen.value == 1), 1.0) if unknown else None


def cell_row(cell: Cell) -> Row:
    """The row (in this cell, 1) over all."""
    return lambda seen: (float(seen.tags[CELL] == cell), 1.0)


@dataclass(frozen=True)
class Table:
    """The item-level 2 x 2 table. `single`: every cluster holds one answer, so that McNemar's test is exact."""

    counts: Mapping[Cell, int]
    items: Mapping[Cell, tuple[str, ...]]
    single: bool

    @classmethod
    def of(cls, paired: Sequence[Observation]) -> Table:
        """From observations made by `together`."""
        items: dict[Cell, list[str]] = {cell: [] for cell in CELLS}
        for row in paired:
            items[_named(row)].append(row.item)
        clusters = Counter(row.cluster for row in paired)
        return cls(
            {cell: len(names) for cell, names in items.items()},
            {cell: tuple(dict.fromkeys(names)) for cell, names in items.items()},
            all(count == 1 for count in clusters.values()),
        )

    @property
    def words(self) -> str:
        """The table and its test in a sentence."""
        parts = ", ".join(f"{text} {self.counts[cell]:,}" for cell, text in CELLS.items())
        test = "exact McNemar test, every cluster holds one answer" if self.single else "sign-flip test over clusters"
        return f"Answer by answer: {parts} (p by {test})."


def _named(row: Observation) -> Cell:
    return next(cell for cell in CELLS if cell == row.tags[CELL])
