"""Headers to labels: each element's label, the plane of a slice, and doubts that a header raises against itself."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.dataset import Dataset

from audit.data.dicom_labels import facts_of


def header(**elements: Any) -> Dataset:
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def test_each_element_becomes_its_label() -> None:
    facts = facts_of(
        header(
            Modality="DX",
            BodyPartExamined="CHEST",
            ViewPosition="LL",
            ImageLaterality="L",
            Manufacturer="SIEMENS",
            PatientSex="F",
            PatientAge="093Y",
            InstitutionName="General Hospital",
            PatientID="123",
            IssuerOfPatientID="GH",
            StudyInstanceUID="1.2.3",
        )
    )
    assert facts.labels == {
        "modality": "X-ray",
        "anatomy": "chest",
        "view": "lateral",
        "laterality": "left",
        "vendor": "Siemens",
        "sex": "F",
        "age": "90",
    }
    assert (facts.identity.patient, facts.identity.study) == ('["GH","123"]', "1.2.3")
    assert facts_of(Dataset()).labels == {}


def test_two_issuers_are_two_patients() -> None:
    one, other = (facts_of(header(PatientID="1", IssuerOfPatientID=issuer)) for issuer in "AB")
    assert one.identity.patient != other.identity.patient


@pytest.mark.parametrize(
    ("cosines", "view"),
    [
        ([1, 0, 0, 0, 1, 0], "axial"),
        ([1, 0, 0, 0, 0, -1], "coronal"),
        ([0, 1, 0, 0, 0, -1], "sagittal"),
        ([0.97, 0.26, 0, -0.25, 0.95, 0.17], "axial"),
        ([1, 0, 0, 0, 0.7071, 0.7071], None),
        ([0, 0, 0, 0, 0, 0], None),
        ([1, 0, 0], None),
    ],
)
def test_the_plane_is_read_from_the_orientation(cosines: list[float], view: str | None) -> None:
    assert facts_of(header(Modality="MR", ImageOrientationPatient=cosines)).labels.get("view") == view
    assert "view" not in facts_of(header(Modality="US", ImageOrientationPatient=cosines)).labels


@pytest.mark.parametrize(
    ("elements", "says"),
    [
        ({"Modality": "CT", "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "LOCALIZER"),
        ({"Modality": "CT", "StudyDescription": "XR CHEST AP PORTABLE"}, "speaks of X-ray"),
        ({"Modality": "MR", "StudyDescription": "Ultrasound abdomen"}, "speaks of ultrasound"),
    ],
)
def test_a_modality_that_its_header_contradicts_is_not_taken(elements: dict[str, Any], says: str) -> None:
    facts = facts_of(header(**elements))
    assert "modality" not in facts.labels
    assert facts.doubted in {"CT", "MRI"}
    (problem,) = facts.problems
    assert problem.kind == "contradiction"
    assert says in problem.reason


@pytest.mark.parametrize("text", ["CT ABDOMEN", "PET/CT and MRI", "Thorax", "CT vs XR follow-up", ""])
def test_other_descriptions_raise_no_doubt(text: str) -> None:
    facts = facts_of(header(Modality="CT", StudyDescription=text))
    assert (facts.labels["modality"], facts.problems) == ("CT", ())


def test_burned_in_text_is_noted() -> None:
    (note,) = facts_of(header(Modality="US", BurnedInAnnotation="YES")).problems
    assert (note.kind, "burned" in note.reason) == ("note", True)
