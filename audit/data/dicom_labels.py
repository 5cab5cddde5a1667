"""DICOM headers to labels: what an image shows, and whose it is."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audit.core.canonical import canonical
from audit.core.dataset import Problem
from audit.data.contradictions import modality_doubt
from audit.data.dicom_header import numbers, text, texts
from audit.data.dicom_pixels import pixel_notes
from audit.data.entry import Identity
from audit.data.vocabulary import canonical_label

if TYPE_CHECKING:
    from pydicom import Dataset as Header

_ELEMENTS = {
    "modality": ("Modality",),
    "anatomy": ("BodyPartExamined",),
    "view": ("ViewPosition",),
    "laterality": ("ImageLaterality", "Laterality"),
    "vendor": ("Manufacturer",),
    "sex": ("PatientSex",),
    "age": ("PatientAge",),
}
_STACKS = {"CT", "MRI", "PET"}


@dataclass(frozen=True)
class HeaderFacts:
    """What one header says. The places of `problems` are left to the caller; `doubted` is the modality that the header
    states and contradicts."""

    labels: dict[str, str] = field(default_factory=dict)
    identity: Identity = field(default_factory=Identity)
    problems: tuple[Problem, ...] = ()
    doubted: str = ""


def facts_of(header: Header) -> HeaderFacts:
    """Labels in their one spelling, identifiers as they stand, and what is doubtful.

    A modality that the header itself contradicts (a localizer called CT, a study description that names another
    modality) is listed and left out of the labels. The view of a CT, MRI or PET slice comes from its orientation.
    """
    labels = {}
    for column, keywords in _ELEMENTS.items():
        stated = next((found for keyword in keywords if (found := text(header, keyword))), "")
        label = canonical_label(column, stated).value
        if label is not None and not (column == "modality" and label in {"ot", "sc"}):
            labels[column] = label
    notes = [Problem("note", "", reason) for reason in pixel_notes(header)]
    doubt = modality_doubt(labels.get("modality", ""), texts(header, "ImageType"), text(header, "StudyDescription"))
    if doubt:
        doubted = labels.pop("modality")
        notes.append(Problem("contradiction", "", f"{doubt}: {doubted} is not taken as its modality"))
        return HeaderFacts(labels, _identity(header), tuple(notes), doubted)
    if labels.get("modality") in _STACKS and "view" not in labels and (plane := _plane(header)):
        labels["view"] = plane
    return HeaderFacts(labels, _identity(header), tuple(notes))


def _identity(header: Header) -> Identity:
    patient = text(header, "PatientID")
    issuer = text(header, "IssuerOfPatientID")
    return Identity(
        patient=canonical([issuer, patient]).decode() if patient and issuer else patient,
        study=text(header, "StudyInstanceUID"),
        site=text(header, "InstitutionName"),
    )


def _plane(header: Header) -> str:
    """axial, coronal or sagittal by the normal of the image plane (PS3.3 C.7.6.2.1.1), "" if oblique by over 25
    degrees."""
    cosines = numbers(header, "ImageOrientationPatient")
    normal = plane_normal(cosines)
    length = math.hypot(*normal)
    if length < 0.5:
        return ""
    strongest = max(range(3), key=lambda axis: abs(normal[axis]))
    if abs(normal[strongest]) / length < math.cos(math.radians(25)):
        return ""
    return ("sagittal", "coronal", "axial")[strongest]


def plane_normal(cosines: tuple[float, ...]) -> tuple[float, float, float]:
    """The cross product of row and column direction; zeros where the six cosines are not there."""
    if len(cosines) != 6:
        return (0.0, 0.0, 0.0)
    a, b, c, d, e, f = cosines
    return (b * f - c * e, c * d - a * f, a * e - b * d)
