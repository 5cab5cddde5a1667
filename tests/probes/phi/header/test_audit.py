"""The audit of headers: what is listed, what is not, and files that want to break it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from audit.core.errors import InputError
from probes.phi.documents import document
from probes.phi.documents.dicom import HEADER_FIELDS, header, secondary_capture
from probes.phi.header import Found, HeaderReport, audit_header
from probes.phi.header.audit import DEEPEST
from probes.phi.header.report import Placeholders


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "page.dcm"
    secondary_capture(document(3, 0)).save_as(path, enforce_file_format=True)
    return path


def by_place(report: HeaderReport) -> dict[str, Found]:
    return {found.place: found for found in report.found}


def read_or_refused(path: Path) -> HeaderReport | str:
    """The report, or the one line of the refusal."""
    try:
        return audit_header(path)
    except InputError as error:
        return str(error)


def test_every_identifier_of_a_generated_header_is_listed(written: Path) -> None:
    found = by_place(audit_header(written))
    told = header(document(3, 0))
    wanted = {*HEADER_FIELDS, "PatientSex", "PatientAddress", "InstitutionAddress"}
    assert {place: found[place].value for place in wanted} == {place: told[place] for place in wanted}
    assert {"StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "MediaStorageSOPInstanceUID"} <= set(found)
    kinds = {place: found[place].kind for place in ("PatientName", "PatientID", "StudyDate", "StudyInstanceUID")}
    assert kinds == {"PatientName": "name", "PatientID": "id", "StudyDate": "date", "StudyInstanceUID": "uid"}
    assert (found["PatientName"].action, found["PatientName"].told_tag) == ("Z", "(0010,0010)")
    assert not {"Rows", "Modality", "SOPClassUID", "PixelData", "SpecificCharacterSet"} & set(found)


def test_what_the_header_says_of_itself(written: Path) -> None:
    report = audit_header(written)
    assert (report.modality, report.burned_in, report.removed, report.structured) == ("OT", "YES", "", False)
    assert report.counts["uid"] == 4
    header_ = Dataset()
    header_.PatientIdentityRemoved, header_.SOPClassUID = "YES", "1.2.840.10008.5.1.4.1.1.88.33"
    empty = audit_header(header_)
    assert (empty.removed, empty.structured, empty.found) == ("YES", True, ())


def test_empty_values_are_no_finding() -> None:
    dataset = Dataset()
    dataset.PatientName, dataset.PatientID, dataset.StudyDate, dataset.OtherPatientIDs = "", None, "", ["", ""]
    dataset.RequestAttributesSequence = Items([])
    dataset.add_new(0x60003000, "OW", b"\0\0\0\0")
    assert audit_header(dataset).found == ()


def test_sequences_private_attributes_overlays_and_curves() -> None:
    inner, outer, private = Dataset(), Dataset(), Dataset()
    inner.PatientName = "DOE^JANE"
    private.PatientID = "77"
    outer.ReferencedPatientSequence = Items([Dataset(), inner])
    outer.add_new(0x00090010, "LO", "MAKER")
    outer.add_new(0x00091001, "SQ", [private])
    outer.add_new(0x60003000, "OW", b"\1\0")
    outer.add_new(0x50003000, "OW", b"\1\0\2\0")
    found = by_place(audit_header(outer))
    assert found["ReferencedPatientSequence[2].PatientName"].value == "DOE^JANE"
    assert found["(0009,1001)[1].PatientID"].value == "77"
    assert {found[place].kind for place in ("(0009,0010)", "(0009,1001)")} == {"private"}
    assert {one.kind for one in found.values()} >= {"overlay", "curve"}
    assert found["(6000,3000)"].value == "2 bytes"


def test_names_and_telling_text_in_attributes_that_the_profile_leaves() -> None:
    dataset = Dataset()
    dataset.add_new(0x00080090, "PN", "ROE^ANN")
    dataset.Manufacturer = "call (208) 555-0141"
    dataset.ManufacturerModelName = "Model 3000"
    assert [(one.place, one.action, one.value) for one in audit_header(dataset).found] == [
        ("Manufacturer", "", "(208) 555-0141"),
        ("ReferringPhysicianName", "Z", "ROE^ANN"),
    ]


def test_a_bottomless_sequence_is_left_where_it_is_too_deep() -> None:
    dataset = Dataset()
    dataset.PatientID = "bottom"
    for _ in range(200):
        above = Dataset()
        above.RequestAttributesSequence = Items([dataset])
        dataset = above
    report = audit_header(dataset)
    assert len([one for one in report.found if one.kind == "sequence"]) == DEEPEST
    assert [place.rpartition(": ")[2] for place in report.damaged] == ["nested too deep"]


def test_a_file_that_nests_deeper_than_python_can_follow_is_read_in_part_or_refused(tmp_path: Path) -> None:
    opened = bytes.fromhex("40007502 5351 0000 ffffffff feff00e0 ffffffff")
    closed = bytes.fromhex("feff0de0 00000000 feffdde0 00000000")
    path = tmp_path / "deep.dcm"
    start = b"\0" * 128 + b"DICM" + bytes.fromhex("08001600 5549 0200") + b"1\0"
    path.write_bytes(start + opened * 5000 + closed * 5000)
    outcome = read_or_refused(path)
    assert isinstance(outcome, str) or outcome.damaged


def test_one_damaged_element_hides_no_other() -> None:
    from pydicom.dataelem import RawDataElement
    from pydicom.tag import Tag

    dataset = Dataset()
    dataset.PatientID = "77"
    dataset._dict[Tag(0x00280010)] = RawDataElement(Tag(0x00280010), "US", 3, b"abc", 0, False, True)
    report = audit_header(dataset)
    assert report.damaged == ("Rows",)
    assert [one.place for one in report.found] == ["PatientID"]


@pytest.mark.parametrize("kept", [0, 1, 131, 140, 400])
def test_files_that_are_no_dicom_or_cut_off_are_refused_or_read_as_far_as_they_go(written: Path, kept: int) -> None:
    written.write_bytes(written.read_bytes()[:kept])
    outcome = read_or_refused(written)
    assert isinstance(outcome, HeaderReport) or (str(written) in outcome and "\n" not in outcome)
    assert isinstance(outcome, HeaderReport) == (kept == 400)


def test_real_headers_are_read(shared_data: Path) -> None:
    reports = {path.name: audit_header(path) for path in sorted((shared_data / "real" / "dicom").rglob("*.dcm"))}
    assert len(reports) == 22
    assert all(report.found for report in reports.values())
    assert not any(report.damaged for report in reports.values())
    presidio = by_place(reports["2_ORIGINAL.dcm"])
    assert presidio["PatientName"].value == "KAUFMAN^SCOTT"
    assert reports["693_J2KR.dcm"].removed == "YES"
    assert reports["MR-SIEMENS-DICOM-WithOverlays.dcm"].counts["overlay"] == 1
    assert reports["CT_small.dcm"].counts["private"] == 172


def test_equal_values_share_a_placeholder() -> None:
    places = Placeholders()
    assert [places.of("name", name) for name in ("DOE^J", "doe^j", "ROE^A")] == ["[NAME 1]", "[NAME 1]", "[NAME 2]"]
    assert places.of("health_plan", "DOE^J") == "[HEALTH PLAN 1]"
