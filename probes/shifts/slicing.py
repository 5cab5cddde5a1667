"""Real shifts: each value of a column against the rest, raw and at equal case mix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from audit.core.contrast import BetweenSlices
from audit.core.measure import Measure, Row, share
from audit.core.observation import Observation
from probes.shifts.rates import beyond_chance, beyond_chance_row, case_mix, inside, right_row, tagged
from probes.shifts.slices import OTHER, PREFIX

FEWEST = 10


def slice_measures(clean: Sequence[Observation]) -> Iterator[Measure]:
    """Accuracy in every slice, and its difference from the rest; relative robustness, closed and open apart."""
    for column in sorted({name for row in clean for name in row.tags if name.startswith(PREFIX)}):
        values = sorted({row.tags[column] for row in clean if column in row.tags})
        for value in values:
            if not value.startswith(OTHER):
                yield _accuracy(column, value)
        for value in _contrasted(values):
            yield from _against_rest(clean, column, value)


def _contrasted(values: Sequence[str]) -> list[str]:
    """The values to set against the rest, where there is one: of two both, so that the worse one is named as such."""
    return [value for value in values if not value.startswith(OTHER)] if len(values) > 1 else []


def _accuracy(column: str, value: str) -> Measure:
    name = f"{column.removeprefix(PREFIX)}={value}"
    return Measure(
        "shifts.accuracy", f"Questions right where {name}",
        f"{{value}} questions with {name} were answered correctly.",
        tagged(right_row, {column: value}), share, tags={"slice": name, "corruption": "none"},
    )  # fmt: skip


def _against_rest(clean: Sequence[Observation], column: str, value: str) -> Iterator[Measure]:
    """The raw difference always; what needs more, only where both sides hold ten patients."""
    name = f"{column.removeprefix(PREFIX)}={value}"
    yield _contrast("shifts.delta", f"Questions right where {name}, less the rest", column, value, right_row,
                    {"mix": "raw"})  # fmt: skip
    inside_clusters = {row.cluster for row in clean if row.tags.get(column) == value}
    outside_clusters = {row.cluster for row in clean if row.tags.get(column, value) != value}
    if min(len(inside_clusters), len(outside_clusters)) < FEWEST:
        return
    yield _contrast("shifts.delta", f"Questions right where {name}, less the rest at equal case mix", column, value,
                    right_row, {"mix": "standardised"})  # fmt: skip
    types = sorted({row.tags["answer_type"] for row in clean})
    for kind in types:
        rest = [row for row in clean if row.tags["answer_type"] == kind and row.tags.get(column) not in (None, value)]
        if not rest:
            continue
        chance = sum(float(row.tags["chance"]) for row in rest) / len(rest)
        extra = {"answer_type": kind} if len(types) > 1 else {}
        for mix in ("raw", "standardised"):
            tags = {"mix": mix, **extra}
            where = f" ({kind})" if extra else ""
            at = "" if mix == "raw" else ", at equal case mix"
            yield _ratio(f"Relative robustness where {name}{where}{at}", column, value,
                         tagged(right_row, {"answer_type": kind}), tags, chance=chance)  # fmt: skip
            if chance > 0:
                title = f"Relative robustness beyond chance where {name}{where}{at}"
                row = tagged(beyond_chance_row, {"answer_type": kind})
                yield _ratio(title, column, value, row, {**tags, "chance": "corrected"})


def _contrast(metric: str, title: str, column: str, value: str, row: Row, tags: Mapping[str, str]) -> BetweenSlices:
    return BetweenSlices(
        metric=metric,
        title=title,
        words="",
        row=row,
        statistic=share,
        null=0.0,
        tags={"slice": f"{column.removeprefix(PREFIX)}={value}", **tags},
        within=inside(column, value),
        stratum=case_mix if tags["mix"] == "standardised" else None,
    )


def _ratio(
    title: str, column: str, value: str, row: Row, tags: Mapping[str, str], *, chance: float | None = None
) -> BetweenSlices:
    corrected = "chance" in tags
    return BetweenSlices(
        metric="shifts.relative_robustness",
        title=title,
        words="",
        row=row,
        statistic=beyond_chance if corrected else share,
        kind="statistic",
        null=1.0,
        tags={"slice": f"{column.removeprefix(PREFIX)}={value}", **tags},
        within=inside(column, value),
        stratum=case_mix if tags["mix"] == "standardised" else None,
        how="ratio",
        chance=chance,
    )
