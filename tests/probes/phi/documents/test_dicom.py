"""The header of a Secondary Capture says what the page says."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from probes.phi.documents import LAYOUTS, Look, document
from probes.phi.documents.dicom import HEADER_FIELDS, header, secondary_capture, uid

SMALL = Look(dpi=51)  # an odd number of pixels per page


@pytest.mark.parametrize("layout", tuple(LAYOUTS))
def test_the_header_equals_the_annotation(tmp_path: Path, read_date: Callable[[str], date], layout: str) -> None:
    page = document(9, 5, layout, SMALL)
    secondary_capture(page).save_as(tmp_path / "a.dcm", enforce_file_format=True)
    read = dcmread(tmp_path / "a.dcm")
    printed = {value["field"]: value["value"] for value in page.annotation()["values"]}
    compared = {keyword for keyword, field in HEADER_FIELDS.items() if field in printed}
    assert {"PatientName", "PatientID", "PatientBirthDate", "InstitutionName"} <= compared
    for keyword in compared:
        said, shown = str(read[keyword].value), printed[HEADER_FIELDS[keyword]]
        if keyword.endswith("Date"):
            assert said == read_date(shown).strftime("%Y%m%d")
        elif keyword.endswith("Name") and "^" in said:
            assert sorted(said.upper().split("^")) == sorted(shown.upper().replace(",", "").replace(".", "").split())
        else:
            assert said == shown
    for field in ("street", "city", "zip"):
        assert f"site_{field}" not in printed or printed[f"site_{field}"] in read.InstitutionAddress
        assert field not in printed or printed[field] in read.PatientAddress
    assert {keyword: str(read[keyword].value) for keyword in header(page)} == header(page)


def test_the_file_is_a_valid_secondary_capture(tmp_path: Path) -> None:
    page = document(9, 4, look=SMALL)
    secondary_capture(page).save_as(tmp_path / "a.dcm", enforce_file_format=True)
    read = dcmread(tmp_path / "a.dcm")
    np.testing.assert_array_equal(read.pixel_array, page.image.pixels)
    assert read.BurnedInAnnotation == "YES"
    assert read.SOPClassUID.name == "Secondary Capture Image Storage"
    uids = [read.SOPInstanceUID, read.StudyInstanceUID, read.SeriesInstanceUID, read.file_meta.ImplementationClassUID]
    assert len(set(uids)) == 4
    for name in uids:
        assert name.is_valid
        assert uuid.UUID(int=int(name.removeprefix("2.25."))).version == 4


def test_uids_follow_the_seed() -> None:
    assert uid("study", 1, 2) == uid("study", 1, 2) != uid("study", 2, 1)
    first, swapped = (secondary_capture(document(1, 1, look=Look(dpi=50, swap_columns=swap))) for swap in (False, True))
    assert first.StudyInstanceUID == swapped.StudyInstanceUID
    assert first.SOPInstanceUID != swapped.SOPInstanceUID
