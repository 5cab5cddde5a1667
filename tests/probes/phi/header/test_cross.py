"""Header values found in what is printed."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from audit.core.reading import Printed, page
from probes.phi.documents import LAYOUTS, document
from probes.phi.documents.dicom import secondary_capture
from probes.phi.documents.look import Look
from probes.phi.header import audit_header, cross_check


def lines(*texts: str) -> list[Printed]:
    return [Printed(text, (0, 20 * row, 10 * len(text), 20 * row + 12)) for row, text in enumerate(texts)]


def seen(dataset: Dataset, *texts: str) -> list[tuple[str, str]]:
    return [(one.place, one.text) for one in cross_check(audit_header(dataset), page(lines(*texts)))]


@pytest.mark.parametrize("printed", ["JANE Q DOE", "Doe, Jane", "doe jane"])
def test_names_in_any_order_and_case(printed: str) -> None:
    dataset = Dataset()
    dataset.PatientName = "DOE^JANE^Q"
    words = sorted(word for word in printed.replace(",", "").split() if len(word) > 2)
    assert sorted(text for _, text in seen(dataset, printed)) == words


def test_short_words_are_not_found_inside_others_and_long_ones_are() -> None:
    dataset = Dataset()
    dataset.PatientName = "ROE^DAVIDSON"
    assert seen(dataset, "HEROES", "DAVIDSON[M]", "MDAVIDSONX") == [("PatientName", "DAVIDSON")] * 2


@pytest.mark.parametrize("printed", ["06.16.1976", "16-JUN-1976", "June 16, 1976", "1976-06-16", "6/16/76"])
def test_dates_in_any_form(printed: str) -> None:
    dataset = Dataset()
    dataset.PatientBirthDate, dataset.StudyDate = "19760616", "20120109"
    assert seen(dataset, f"DOB: {printed}") == [("PatientBirthDate", printed)]


def test_numbers_whatever_divides_their_digits() -> None:
    dataset = Dataset()
    dataset.PatientID, dataset.AccessionNumber, dataset.StudyID = "0000-1234", "FW6029296", "12"
    assert seen(dataset, "12 of 00001234", "FW-6029296.", "x00001234") == [
        ("AccessionNumber", "FW-6029296"),
        ("PatientID", "00001234"),
    ]


def test_a_found_value_has_its_box() -> None:
    dataset = Dataset()
    dataset.PatientID = "46954616"
    (one,) = cross_check(audit_header(dataset), page(lines("MRN 46954616, seen")))
    assert one.boxes == ((25, 0, 135, 12),)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_shows_what_its_header_says(layout: str) -> None:
    shown = document(12, 4, layout, Look(rotation=0, noise=0))
    words = [word for word in shown.sheet.words if word.text.strip(",. ")]
    found = cross_check(audit_header(secondary_capture(shown)), page([Printed(w.text, w.box) for w in words]))
    places = {one.place for one in found}
    assert {"PatientName", "PatientID", "InstitutionName"} <= places
    printed = {word.value.field for word in words if word.value}
    assert ("PatientBirthDate" in places) == ("dob" in printed)
    assert ("AccessionNumber" in places) == ("accession" in printed)
