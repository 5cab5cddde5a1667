"""A document as DICOM: Secondary Capture with a header that says what the page says."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from probes.phi.documents.document import Document
from probes.phi.documents.layouts.table import LAYOUTS

if TYPE_CHECKING:
    from pydicom.dataset import FileDataset

SECONDARY_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7"
_EXPLICIT_LITTLE: Final = "1.2.840.10008.1.2.1"

HEADER_FIELDS: Final[Mapping[str, str]] = {
    "PatientName": "patient",
    "PatientID": "mrn",
    "PatientBirthDate": "dob",
    "StudyDate": "service",
    "AccessionNumber": "accession",
    "AdmissionID": "visit",
    "InstitutionName": "institution",
    "ReferringPhysicianName": "referrer",
    "PatientTelephoneNumbers": "phone",
    "DeviceSerialNumber": "imei",
}
"""DICOM keyword -> field of the case; names and dates are written in DICOM's own form (PS3.5 6.2)."""


def uid(*parts: object) -> str:
    """A UID under 2.25 (PS3.5 B.2), made of a version 4 UUID whose bits are the sha256 of `parts`."""
    told = hashlib.sha256(repr(parts).encode()).digest()[:16]
    return f"2.25.{uuid.UUID(bytes=told, version=4).int}"


def header(document: Document) -> dict[str, str]:
    """Keyword -> text of the identifying attributes, UIDs aside."""
    case = document.case
    written: dict[str, str] = {"PatientName": case.patient.dicom, "ReferringPhysicianName": case.referrer.dicom}
    for keyword, field in HEADER_FIELDS.items():
        day: date | None = case.days.get(field)
        written.setdefault(keyword, f"{day:%Y%m%d}" if day else case.values[field].text)
    home, site = case.home, case.site
    return written | {
        "PatientSex": case.patient.sex,
        "PatientAddress": f"{home.street}, {home.city}, {home.state} {home.zip}",
        "InstitutionAddress": f"{site.street}, {site.city}, {site.state} {site.zip}",
    }


def secondary_capture(document: Document) -> FileDataset:
    """The document as an uncompressed 8-bit Secondary Capture image (PS3.3 A.8.1) with BurnedInAnnotation YES.

    All documents of a case share the study; UIDs follow from seed, index, layout and look, so equal documents have
    equal UIDs.
    """
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import UID

    case, pixels = document.case, document.image.pixels
    place = (case.seed, case.index)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(SECONDARY_CAPTURE)
    meta.MediaStorageSOPInstanceUID = UID(uid("instance", *place, document.layout, document.look))
    meta.TransferSyntaxUID = UID(_EXPLICIT_LITTLE)
    meta.ImplementationClassUID = UID(uid("medaudit"))
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = (
        uid("study", *place),
        uid("series", *place, document.layout, document.look),
    )
    ds.Modality, ds.ConversionType, ds.BurnedInAnnotation = "OT", "SD", "YES"
    ds.StudyID, ds.StudyTime, ds.SeriesNumber, ds.InstanceNumber = str(case.index), "", 1, 1
    ds.PatientOrientation, ds.SeriesDescription = "", LAYOUTS[document.layout].title
    for keyword, text in header(document).items():
        setattr(ds, keyword, text)
    ds.Rows, ds.Columns = pixels.shape[:2]
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8, 8, 7
    body = pixels.tobytes()
    ds.PixelData = body + b"\0" * (len(body) % 2)
    return ds
