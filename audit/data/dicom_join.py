"""Labels and questions from a CSV, joined to DICOM files by a key of the header or by path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from audit.core.canonical import Json
from audit.core.dataset import Problem
from audit.core.errors import InputError
from audit.data.columns import Columns, columns_of, identity_of, rows_in_words
from audit.data.csvtable import ALIASES, read_table
from audit.data.entry import Identity
from audit.data.options import LoadOptions

_KEY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "accessionnumber": ("accession", "accession_number"),
    "studyinstanceuid": ("study_instance_uid", "study_uid"),
    "sopinstanceuid": ("sop_instance_uid", "sop_uid"),
    "path": ALIASES["path"],
}


@dataclass(frozen=True)
class Joined:
    """What the rows of one key state together."""

    labels: Mapping[str, str] = field(default_factory=dict)
    identity: Identity = field(default_factory=Identity)
    questions: tuple[Mapping[str, Json], ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Join:
    """The labels by key; `columns` knows what was left out."""

    options: LoadOptions
    by_key: Mapping[str, Joined]
    columns: Columns

    def unmatched(self, used: set[str], without: int, total: int) -> list[Problem]:
        """Counts of rows that match no file and of files that match no row. Raises `InputError` where nothing
        matches."""
        if not used:
            raise InputError(
                f"no row matches any of {total} files by {self.options.key}",
                path=self.options.labels,
                remedy="is it the right key?",
            )
        problems = []
        lost = sorted(row for key, joined in self.by_key.items() if key not in used for row in joined.rows)
        if lost:
            where = rows_in_words(lost)
            problems.append(
                Problem("note", f"{self.options.labels}, {where}", "the labels match no file", f"labels, {where}")
            )
        if without:
            where = f"{without} of {total} files"
            problems.append(Problem("note", where, f"no row of the labels has their {self.options.key}", where))
        return problems


def read_join(options: LoadOptions) -> Join | None:
    """Read the labels CSV, or None where none was given.

    The column is called as the key is; several rows of one key may ask several questions, but must agree on every
    label that they state. Raises `InputError` with the row otherwise, and for an empty key.
    """
    if options.labels is None or options.key is None:
        return None
    key = options.key.lower()
    aliases = {name: others for name, others in ALIASES.items() if name not in ("path", "study")}
    table = read_table(options.labels, (key,), aliases={**aliases, key: _KEY_COLUMNS[key]})
    columns = columns_of(table, key=key)
    by_key: dict[str, Joined] = {}
    for number, cells in table.rows:
        if not cells[key]:
            raise InputError(f"the {options.key} is empty", path=table.path, row=number)
        labels = columns.labels_of(cells)
        before = by_key.get(cells[key], Joined(identity=identity_of(cells)))
        for column, label in labels.items():
            if before.labels.get(column, label) != label:
                raise InputError(
                    f"{column} is {label!r} here and {before.labels[column]!r} in row {before.rows[0]} of the same key",
                    path=table.path,
                    row=number,
                )
        by_key[cells[key]] = replace(
            before,
            labels={**before.labels, **labels},
            questions=(*before.questions, *columns.questions_of(cells)),
            rows=(*before.rows, number),
        )
    return Join(options, by_key, columns)
