"""CSV files that people write: read strictly, each error with its row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.core.errors import InputError

MAX_CELL = 20_000

# A column may be called what other tools call it, unless the canonical name is there as well.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "path": ("image_path", "file", "filename", "file_name", "filepath", "file_path", "image"),
    "patient": ("patient_id", "patientid", "subject", "subject_id", "mrn", "pid"),
    "study": ("study_id", "studyid", "study_uid", "studyinstanceuid", "study_instance_uid", "exam_id"),
    "site": ("site_id", "hospital", "institution", "institutionname", "institution_name", "center", "centre"),
    "vendor": ("manufacturer",),
    "sex": ("gender", "patient_sex", "patientsex"),
    "age": ("patient_age", "patientage", "age_years"),
    "anatomy": ("body_part", "bodypart", "bodypartexamined", "body_part_examined"),
    "view": ("view_position", "viewposition", "plane", "projection"),
    "finding": ("findings", "diagnosis", "finding_label", "finding_labels"),
    "laterality": ("imagelaterality", "image_laterality", "side"),
}


@dataclass(frozen=True)
class Table:
    """Rows of a CSV: `columns` are canonical names in file order, `rows` are (line number from 1, cells)."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def read_table(path: Path, required: Sequence[str], *, aliases: Mapping[str, tuple[str, ...]] = ALIASES) -> Table:
    """Read a comma-separated UTF-8 file with a header (a byte-order mark is allowed, empty lines are skipped).

    Column names are compared in lower case with "_" for blanks and hyphens. Raises `InputError` with the row for: not a
    file, empty, no data rows, not UTF-8, NUL bytes, a missing, nameless or doubled column, a row with more or fewer
    cells than the header, a quote that never ends, a cell above 20,000 characters.
    """
    lines = _parsed(path, _text(path))
    header_line, header = next(lines, (1, []))
    if not header:
        raise InputError("is empty", path=path, remedy=f"the first line names the columns: {', '.join(required)}")
    columns = _columns(path, header_line, header, required, aliases)
    rows = []
    for number, cells in lines:
        if len(cells) != len(columns):
            raise InputError(
                f"has {len(cells)} cells where the header has {len(columns)}",
                path=path,
                row=number,
                remedy="quote cells that hold commas",
            )
        rows.append((number, dict(zip(columns, (cell.strip() for cell in cells), strict=True))))
    if not rows:
        raise InputError("has a header but no rows", path=path)
    return Table(path, columns, tuple(rows))


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise InputError("there is no such file", path=path)
        body = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", path=path) from error
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start) + 1
        raise InputError("is not UTF-8", path=path, row=row, remedy="save it as CSV UTF-8") from error
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise InputError("holds a NUL byte", path=path, row=row, remedy="save it as CSV UTF-8")
    return text


def _parsed(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """(number of the line on which a row starts, its cells) for every row that is not blank."""
    reader = csv.reader(re.split(r"(?<=\n)|(?<=\r)(?!\n)", text), strict=True)
    start = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise InputError(f"is not CSV: {error}", path=path, row=start) from error
        if cells is None:
            return
        longest = max(map(len, cells), default=0)
        if longest > MAX_CELL:
            raise InputError(f"has a cell of {longest:,} characters (limit {MAX_CELL:,})", path=path, row=start)
        if any(cell.strip() for cell in cells):
            yield start, cells
        start = reader.line_num + 1


def _columns(
    path: Path, row: int, header: Sequence[str], required: Sequence[str], aliases: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    plain = [re.sub(r"[\s\-]+", "_", name.strip().lower()) for name in header]
    known = {other: name for name, others in aliases.items() if name not in plain for other in others}
    columns = tuple(known.get(name, name) for name in plain)
    for place, name in enumerate(columns):
        if not name:
            raise InputError(f"column {place + 1} has no name", path=path, row=row)
        if name in columns[:place]:
            both = f"{header[columns.index(name)].strip()!r} and {header[place].strip()!r}"
            raise InputError(f"the columns {both} both mean {name!r}", path=path, row=row, remedy="keep one of them")
    missing = [name for name in required if name not in columns]
    if missing:
        separated = len(columns) == 1 and any(mark in columns[0] for mark in ";\t")
        remedy = "separate the columns by commas" if separated else f"add it; needed: {', '.join(required)}"
        raise InputError(f"lacks the column {missing[0]!r}", path=path, row=row, remedy=remedy)
    return columns
