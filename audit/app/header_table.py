"""The table of a header audit: for the screen, as CSV, as JSON. Values are placeholders unless asked for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from audit.core.canonical import Json

if TYPE_CHECKING:
    from audit.app.headers import Audited
    from probes.phi.header.report import Found

SCHEMA = "medaudit.dicom_headers/1"
COLUMNS = ("file", "attribute", "tag", "vr", "kind", "action", "value", "in_pixels")
PIXELS = "pixels"
_GROUPED = ("private", "curve", "overlay")


class Table:
    """The rows of audited files. Without `show_values` a file is known by its number and a value by a placeholder,
    equal values by the same one."""

    def __init__(self, files: Sequence[Audited], show_values: bool = False) -> None:
        from probes.phi.header.report import Placeholders

        self.files = files
        places = Placeholders()
        self._say: Callable[[str, str], str] = (lambda _, value: value) if show_values else places.of
        self._show = show_values

    def name(self, number: int) -> str:
        """What a file is called, from 1."""
        return str(self.files[number - 1].path) if self._show else f"file {number}"

    def rows(self) -> Iterator[dict[str, str]]:
        """One row per attribute of a file, and one per identifier that was read in its pixels."""
        for number, file in enumerate(self.files, 1):
            seen = {one.place for one in file.seen}
            for one in file.report.found if file.report else ():
                yield self._row(number, one, "yes" if one.place in seen else "" if file.unseen else "no")
            for read in file.detected:
                said = self._say(read.category, read.text)
                yield dict(
                    zip(COLUMNS, (self.name(number), PIXELS, "", "", read.category, "", said, "yes"), strict=True)
                )

    def _row(self, number: int, one: Found, seen: str) -> dict[str, str]:
        kind = "name" if one.vr == "PN" else one.kind
        cells = (one.place, one.told_tag, one.vr, one.kind, one.action, self._say(kind, one.value), seen)
        return dict(zip(COLUMNS, (self.name(number), *cells), strict=True))

    def csv(self) -> str:
        """All rows, with a header."""
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _no_formula(cell) for key, cell in row.items()} for row in self.rows())
        return out.getvalue()

    def json(self) -> str:
        """All rows and what is said of each file."""
        files: list[Json] = [self._file(number) for number in range(1, len(self.files) + 1)]
        told: dict[str, Json] = {"schema": SCHEMA, "files": files, "rows": list(self.rows())}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"

    def _file(self, number: int) -> dict[str, Json]:
        file = self.files[number - 1]
        told: dict[str, Json] = {"file": self.name(number), "problem": file.problem, "pixels_not_read": file.unseen}
        if file.report is None:
            return told
        return told | {
            "modality": file.report.modality,
            "patient_identity_removed": file.report.removed,
            "burned_in_annotation": file.report.burned_in,
            "structured_report": file.report.structured,
            "counts": file.report.counts,
            "damaged": list(file.report.damaged),
            "seen_in_pixels": len(file.seen),
            "read_in_pixels": len(file.detected),
        }

    def screen(self, read: bool) -> str:
        """A line per attribute, the most frequent first, then what is said of the files; `read`: pixels were read."""
        lines = [
            f"{'attribute':<44} {'action':<7} {'kind':<9} {'files':>5} {'values':>6}" + (" in pixels" if read else "")
        ]
        for (attribute, action, kind), rows in self._grouped():
            cells = f"{attribute:<44.44} {action or 'keep':<7} {kind:<9} {len({r['file'] for r in rows}):>5}"
            values = f" {len({row['value'] for row in rows}):>6}"
            lines.append(cells + values + (f" {_count(row['in_pixels'] == 'yes' for row in rows):>9}" if read else ""))
        return "\n".join([*lines, *self._notes(read)])

    def _grouped(self) -> list[tuple[tuple[str, str, str], list[dict[str, str]]]]:
        groups: dict[tuple[str, str, str], list[dict[str, str]]] = {}
        for row in self.rows():
            many = row["kind"] in _GROUPED
            name = f"{row['kind']} attributes" if many else row["attribute"].rpartition(".")[2]
            groups.setdefault((name, row["action"], row["kind"]), []).append(row)
        return sorted(groups.items(), key=lambda pair: (-len({row["file"] for row in pair[1]}), pair[0]))

    def _notes(self, read: bool) -> Iterator[str]:
        reports = [file.report for file in self.files if file.report]
        yield f"{len(reports)} of {len(self.files)} files read"
        yield f"{_count(r.removed == 'YES' for r in reports)} state that the patient's identity was removed"
        yes, no = (_count(r.burned_in == said for r in reports) for said in ("YES", "NO"))
        yield f"text burned in: {yes} say yes, {no} say no, {len(reports) - yes - no} say nothing"
        damaged = sum(len(report.damaged) for report in reports)
        yield f"{_count(r.structured for r in reports)} structured reports; {damaged} damaged elements"
        if read:
            looked = [file for file in self.files if file.report and not file.unseen]
            yield f"pixels read: {len(looked)} files, {_count(bool(f.seen) for f in looked)} of them show header values"
        for number, file in enumerate(self.files, 1):
            if file.problem or (read and file.unseen):
                yield f"{self.name(number)}: {file.problem or f'pixels not read: {file.unseen}'}"


def _count(hits: Iterable[bool]) -> int:
    return sum(hits)


def _no_formula(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@" and len(cell) > 1 else cell
