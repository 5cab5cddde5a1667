"""The audit of header folders: files found, problems told, tables without values."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audit.app.header_table import COLUMNS, Table
from audit.app.headers import NOT_ASKED, audited, reader_of
from audit.core.errors import InputError
from audit.core.reading import Printed
from probes.phi.documents import document
from probes.phi.documents.dicom import header, secondary_capture

if TYPE_CHECKING:
    from audit.core.image import Pixels

PAGE = document(3, 0)


@dataclass(frozen=True)
class Told:
    """A reader that reads the same everywhere."""

    lines: tuple[str, ...]

    def read(self, pixels: Pixels) -> Sequence[Printed]:
        return [Printed(line, (0, 20 * row, 9 * len(line), 20 * row + 12)) for row, line in enumerate(self.lines)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two DICOM files, one of them below and without a suffix, one that is cut off, and one that is none."""
    place = tmp_path / "in"
    (place / "below").mkdir(parents=True)
    secondary_capture(PAGE).save_as(place / "b.dcm", enforce_file_format=True)
    secondary_capture(document(3, 1)).save_as(place / "below" / "page", enforce_file_format=True)
    (place / "a.dcm").write_bytes(b"\0" * 128 + b"DICM")
    (place / "notes.txt").write_text("none")
    return place


def test_files_are_found_by_content_and_broken_ones_are_told(folder: Path) -> None:
    found = list(audited([folder]))
    assert [file.path.name for file in found] == ["a.dcm", "b.dcm", "page"]
    assert [bool(file.problem) for file in found] == [True, False, False]
    assert {file.unseen for file in found[1:]} == {NOT_ASKED}


def test_nothing_is_shown_of_values_or_names_unless_asked(folder: Path) -> None:
    files = tuple(audited([folder], Told((PAGE.case.values["mrn"].text,))))
    secrets = [value for value in header(PAGE).values() if len(value) > 3]
    hidden, shown = Table(files), Table(files, show_values=True)
    for told in (hidden.csv(), hidden.json(), hidden.screen(read=True)):
        assert not [value for value in [*secrets, str(folder), "b.dcm"] if value in told]
    assert all(value in json.dumps(json.loads(shown.json()), ensure_ascii=False) for value in secrets)
    assert str(folder / "b.dcm") in shown.csv()


def test_rows_are_one_per_attribute_and_equal_values_share_a_placeholder(folder: Path) -> None:
    table = Table(tuple(audited([folder, folder / "b.dcm"])))
    rows = list(csv.DictReader(io.StringIO(table.csv())))
    assert tuple(rows[0]) == COLUMNS
    names = {row["file"]: row["value"] for row in rows if row["attribute"] == "PatientName"}
    assert names == {"file 2": "[NAME 2]", "file 3": "[NAME 4]", "file 4": "[NAME 2]"}
    assert {row["in_pixels"] for row in rows} == {""}
    assert len(rows) == sum(len(file.report.found) for file in table.files if file.report)


def test_what_stands_in_the_pixels_is_marked(folder: Path) -> None:
    mrn = PAGE.case.values["mrn"].text
    (file,) = audited([folder / "b.dcm"], Told((f"MRN {mrn}", "see www.example.org")))
    assert [(one.place, one.text) for one in file.seen] == [("PatientID", mrn)]
    rows = {(row["attribute"], row["kind"]): row["in_pixels"] for row in Table((file,)).rows()}
    assert (rows["PatientID", "id"], rows["PatientName", "name"]) == ("yes", "no")
    assert {kind for attribute, kind in rows if attribute == "pixels"} == {"mrn", "url"}
    screen = Table((file,)).screen(read=True)
    assert "text burned in: 1 say yes, 0 say no, 0 say nothing" in screen
    assert "pixels read: 1 files, 1 of them show header values" in screen


def test_a_folder_without_dicom_a_wrong_path_and_a_model_that_does_not_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no DICOM file here"):
        list(audited([tmp_path]))
    with pytest.raises(InputError, match="there is no such file or folder"):
        list(audited([tmp_path / "x"]))
    with pytest.raises(InputError, match="gives no boxes of printed text"):
        reader_of("control:random")
    assert reader_of(None) is None
