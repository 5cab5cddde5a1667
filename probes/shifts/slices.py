"""Slices: which columns results are compared across, as tags of items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.core.errors import InputError
from probes.shifts.questions import Question

PREFIX = "slice."
OTHER = "not "
_FEW_VALUES = 8
_AGES = ((0.0, 40.0, "<40"), (40.0, 60.0, "40-59"), (60.0, float("inf"), ">=60"))


@dataclass(frozen=True)
class Slices:
    """Tags by question id, and sentences about what was done with which column."""

    tags: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...]
    skipped: tuple[str, ...]


def slices_of(questions: Sequence[Question], wanted: Sequence[str]) -> Slices:
    """The slice tags of questions.

    COLUMN compares every value with the rest, COLUMN=VALUE one of them; numbers are put into bands (age: below 40,
    40 to 59, 60 and above; else thirds). A picture whose copies disagree about a column is on neither side. A column
    that is not there, or says the same of all, is skipped and told.
    """
    tags: dict[str, dict[str, str]] = defaultdict(dict)
    notes: list[str] = []
    skipped: list[str] = []
    for want in wanted:
        column, equals, value = want.partition("=")
        values = _values(questions, column)
        straddling = _straddling(questions, values)
        values = {name: text for name, text in values.items() if name not in straddling}
        banded, how = _banded(column, values)
        if equals:
            value = _spelt(value, set(banded.values()), column)
            banded = {name: text if text == value else f"{OTHER}{value}" for name, text in banded.items()}
        if len(set(banded.values())) < 2:
            why = "the data has one value" if banded else "the data has no such column"
            why = "copies of every picture disagree about it" if straddling and not banded else why
            skipped.append(f"No slices by {column}: {why}.")
            continue
        if straddling:
            notes.append(f"{len(straddling)} questions are in no slice by {column}: copies of their picture disagree.")
        notes += [how] if how else []
        for name, text in banded.items():
            tags[name][f"{PREFIX}{column}"] = text
    return Slices(tags, tuple(notes), tuple(skipped))


def _values(questions: Sequence[Question], column: str) -> dict[str, str]:
    return {
        question.id: question.labels[column].replace("|", " ") for question in questions if column in question.labels
    }


def _straddling(questions: Sequence[Question], values: Mapping[str, str]) -> set[str]:
    """Questions about a picture that stands on both sides: attributes of an image never part its copies."""
    seen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for question in questions:
        if question.id in values:
            seen[question.record.image.sha256][values[question.id]].append(question.id)
    return {name for sides in seen.values() if len(sides) > 1 for names in sides.values() for name in names}


def _banded(column: str, values: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Numbers in bands; anything else as it is."""
    numbers = {name: number for name, text in values.items() if (number := _number(text)) is not None}
    if len(numbers) < len(values) or (column != "age" and len(set(numbers.values())) <= _FEW_VALUES):
        return dict(values), ""
    bands = _AGES if column == "age" else _thirds(sorted(numbers.values()))
    named = {
        name: next(label for low, high, label in bands if low <= number < high) for name, number in numbers.items()
    }
    return named, f"The numbers of {column} are put into bands: {', '.join(label for *_, label in bands)}."


def _thirds(ordered: Sequence[float]) -> tuple[tuple[float, float, str], ...]:
    one, two = (ordered[len(ordered) * k // 3] for k in (1, 2))
    if one == two:
        return ((float("-inf"), one, f"<{one:g}"), (one, float("inf"), f">={one:g}"))
    return (
        (float("-inf"), one, f"<{one:g}"),
        (one, two, f"{one:g} to <{two:g}"),
        (two, float("inf"), f">={two:g}"),
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def _spelt(value: str, known: set[str], column: str) -> str:
    for text in known:
        if text.casefold() == value.casefold():
            return text
    if not known:
        return value
    shown = ", ".join(sorted(known)[:12])
    raise InputError(f"No image has {column}={value}", remedy=f"values of {column}: {shown}")
