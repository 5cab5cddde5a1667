"""Columns of a table as labels: which are labels, which identify people, which are questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from audit.core.canonical import Json
from audit.core.dataset import Problem
from audit.data.csvtable import Table
from audit.data.entry import Identity
from audit.data.vocabulary import canonical_label

KNOWN = ("modality", "anatomy", "view", "finding", "laterality", "vendor", "sex", "age")
IDENTITY = ("patient", "study", "site")
QUESTIONS = ("question", "answer", "options", "answer_type", "question_type", "qid")
MAX_LABEL = 64
FREE_VALUES = 50

_PERSONAL = re.compile(
    r"(.*_)?(name|patientname|surname|birth|birthdate|dob|date|datetime|time|address|phone|telephone|e?mail|ssn|"
    r"accession|accession_number|accessionnumber|uid|mrn|physician)"
)


@dataclass(frozen=True)
class Columns:
    """How a table's columns are used; `problems` say what was left out or could not be read as a label."""

    labels: tuple[str, ...]
    questions: tuple[str, ...]
    problems: tuple[Problem, ...]

    def labels_of(self, cells: Mapping[str, str]) -> dict[str, str]:
        """The labels that a row states, in their one spelling; unknown ones are absent."""
        found = {column: canonical_label(column, cells[column]).value for column in self.labels}
        return {column: value for column, value in found.items() if value is not None}

    def questions_of(self, cells: Mapping[str, str]) -> tuple[Mapping[str, Json], ...]:
        """The row's question with answer and options, where it has one."""
        row: dict[str, Json] = {column: cells[column] for column in self.questions if cells[column]}
        return (row,) if "question" in row else ()


def identity_of(cells: Mapping[str, str]) -> Identity:
    """The identifiers in a row, as they stand."""
    return Identity(**{column: cells.get(column, "") for column in IDENTITY})


def columns_of(table: Table, *, key: str) -> Columns:
    """Sort out the columns of a table whose rows are named by the column `key`.

    A further column is a label if its values are at most 64 characters long and not mostly different from row to row
    (more than 50 values, and more than half as many as rows: that is an identifier); columns whose name speaks of a
    person or a date are left out. Each that is left out is listed.
    """
    further = [column for column in table.columns if column not in (key, "path", *KNOWN, *IDENTITY, *QUESTIONS)]
    refused = {column: reason for column in further if (reason := _refusal(table, column))}
    labels = tuple(c for c in table.columns if c in KNOWN or (c in further and c not in refused))
    notes = [Problem("note", f"column {c!r}", f"is no label: {why}", f"column {c!r}") for c, why in refused.items()]
    return Columns(labels, tuple(c for c in table.columns if c in QUESTIONS), (*notes, *_unread(table, labels)))


def _refusal(table: Table, column: str) -> str:
    values = [cells[column] for _, cells in table.rows]
    if _PERSONAL.fullmatch(column):
        return "it may identify a person"
    if max(map(len, values)) > MAX_LABEL:
        return f"its values are longer than {MAX_LABEL} characters"
    distinct = len(set(values) - {""})
    if distinct > FREE_VALUES and distinct > len(values) / 2:
        return f"it has {distinct} different values"
    return ""


def _unread(table: Table, labels: tuple[str, ...]) -> list[Problem]:
    """One line for each filled cell text that is no label, with the rows that hold it."""
    rows: dict[tuple[str, str], list[int]] = {}
    for number, cells in table.rows:
        for column in labels:
            label = canonical_label(column, cells[column])
            if label.note:
                rows.setdefault((column, f"{cells[column][:MAX_LABEL]!r} {label.note}"), []).append(number)
    problems = []
    for (column, what), numbers in rows.items():
        where = rows_in_words(numbers)
        reason = f"{column} {what}: taken as unknown"
        problems.append(Problem("missing_label", f"{table.path}, {where}", reason, where))
    return problems


def rows_in_words(numbers: list[int]) -> str:
    """ "row 7", or "63 rows (7, 9, 12, ...)"."""
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    first = ", ".join(map(str, numbers[:3]))
    return f"{len(numbers)} rows ({first}{', ...' if len(numbers) > 3 else ''})"
