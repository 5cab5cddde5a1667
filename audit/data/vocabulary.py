"""The words of labels: one spelling for what hospitals and data sets spell in many ways.

A word that is not in these tables is kept (lower case, except findings and free columns); a word that says several
things ("CT or MRI") or nothing ("n/a", "todo") is unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MODALITIES: dict[str, str] = {
    **dict.fromkeys(
        ("x-ray", "xray", "x ray", "xr", "cr", "dx", "dr", "cxr", "rg", "radiograph", "radiography", "plain film"),
        "X-ray",
    ),
    **dict.fromkeys(("ct", "cat", "computed tomography", "ct scan"), "CT"),
    **dict.fromkeys(("mr", "mri", "nmr", "magnetic resonance", "magnetic resonance imaging", "mri scan"), "MRI"),
    **dict.fromkeys(("us", "ultrasound", "sonography", "sonogram", "ivus", "ultrasonography"), "ultrasound"),
    **dict.fromkeys(("pt", "pet", "positron emission tomography"), "PET"),
    **dict.fromkeys(("nm", "nuclear medicine", "scintigraphy", "spect"), "nuclear medicine"),
    **dict.fromkeys(("mg", "mammography", "mammogram"), "mammography"),
    **dict.fromkeys(("xa", "angiography", "angiogram"), "angiography"),
    **dict.fromkeys(("rf", "fluoroscopy"), "fluoroscopy"),
    **dict.fromkeys(("io", "px", "dental x-ray", "dental radiograph"), "dental X-ray"),
    **dict.fromkeys(("op", "fundus", "fundus photograph", "fundus photography", "fundus image"), "fundus photograph"),
    **dict.fromkeys(("opt", "oct", "optical coherence tomography"), "OCT"),
    **dict.fromkeys(("es", "endoscopy", "colonoscopy", "gastroscopy"), "endoscopy"),
    **dict.fromkeys(("sm", "histology", "histopathology", "pathology slide", "whole slide image"), "histology"),
    **dict.fromkeys(("gm", "microscopy", "light microscopy"), "microscopy"),
    **dict.fromkeys(("dms", "dermoscopy", "dermatoscopy", "dermoscopic image"), "dermoscopy"),
    **dict.fromkeys(("xc", "photograph", "clinical photograph"), "photograph"),
}
NOT_IMAGES = frozenset({"SR", "PR", "KO", "SEG", "RTSTRUCT", "RTPLAN", "RTDOSE", "RTRECORD", "REG", "ECG", "AU", "DOC"})

ANATOMIES: dict[str, str] = {
    **dict.fromkeys(("thorax", "chest"), "chest"),
    **dict.fromkeys(("abd", "abdomen", "abdominal"), "abdomen"),
    **dict.fromkeys(("lungs", "lung"), "lung"),
    **dict.fromkeys(("cspine", "c spine", "cervical spine"), "cervical spine"),
    **dict.fromkeys(("tspine", "t spine", "thoracic spine"), "thoracic spine"),
    **dict.fromkeys(("lspine", "l spine", "lumbar spine"), "lumbar spine"),
    **dict.fromkeys(("kidneys", "kidney"), "kidney"),
    **dict.fromkeys(("breasts", "breast"), "breast"),
    **dict.fromkeys(("skull", "skull bone"), "skull"),
}

VIEWS: dict[str, str] = {
    **dict.fromkeys(("pa", "posteroanterior", "postero anterior"), "PA"),
    **dict.fromkeys(("ap", "anteroposterior", "antero posterior"), "AP"),
    **dict.fromkeys(("ap supine", "supine ap"), "AP supine"),
    **dict.fromkeys(("lateral", "lat", "ll", "rl", "left lateral", "right lateral", "l", "lateral view"), "lateral"),
    **dict.fromkeys(("rld", "lld", "decubitus", "lateral decubitus"), "lateral decubitus"),
    **dict.fromkeys(("rlo", "llo", "rao", "lao", "oblique"), "oblique"),
    **dict.fromkeys(("axial", "ax", "transverse", "transaxial"), "axial"),
    **dict.fromkeys(("coronal", "cor"), "coronal"),
    **dict.fromkeys(("sagittal", "sag"), "sagittal"),
    **dict.fromkeys(("cc", "craniocaudal", "cranio caudal"), "CC"),
    **dict.fromkeys(("mlo", "mediolateral oblique", "medio lateral oblique"), "MLO"),
}
LATERALITIES = {
    **dict.fromkeys(("l", "left"), "left"),
    **dict.fromkeys(("r", "right"), "right"),
    **dict.fromkeys(("b", "both", "bilateral"), "bilateral"),
}
SEXES = {
    **dict.fromkeys(("m", "male", "man"), "M"),
    **dict.fromkeys(("f", "female", "woman"), "F"),
    **dict.fromkeys(("o", "other"), "O"),
}
NO_FINDING = "no finding"
_NORMAL = frozenset({"no finding", "no findings", "normal", "healthy", "no abnormality", "nofinding"})
_VENDORS = (
    ("GE", r"g\.?e\.?\b.*|general electric.*"),
    ("Siemens", r"siemens.*"),
    ("Philips", r"philips.*"),
    ("Canon", r"canon.*|toshiba.*"),
    ("Fujifilm", r"fuji.*"),
    ("Agfa", r"agfa.*"),
    ("Carestream", r"carestream.*|kodak.*|eastman.*"),
    ("Hologic", r"hologic.*|lorad.*"),
    ("Samsung", r"samsung.*|medison.*"),
    ("Hitachi", r"hitachi.*|aloka.*"),
)
_UNKNOWN = frozenset({"unknown", "n/a", "na", "nan", "null", "none", "unspecified", "not stated", "not available"})
_PLACEHOLDERS = frozenset({"todo", "tbd", "?", "-", "--", "."})
_AMBIGUOUS = re.compile(r"\S\s+or\s+\S|\?$", re.IGNORECASE)
_TABLES = {"modality": MODALITIES, "anatomy": ANATOMIES, "view": VIEWS, "laterality": LATERALITIES, "sex": SEXES}
_CLOSED = {"laterality", "sex"}


@dataclass(frozen=True)
class Label:
    """A label in its one spelling, or None where it is unknown; `note` says why a filled cell became unknown."""

    value: str | None
    note: str = ""


def canonical_label(column: str, text: str) -> Label:
    """The label that `text` means in `column` (modality, anatomy, view, finding, laterality, sex, age, vendor or a
    free column). Applying it to its own result changes nothing."""
    words = " ".join(text.split())
    lower = words.lower()
    if not words or lower in _UNKNOWN:
        return Label(None)
    if lower in _PLACEHOLDERS:
        return Label(None, "is a placeholder")
    if column == "age":
        return _age(lower)
    if column in _TABLES:
        return _from_table(column, lower)
    if column == "vendor":
        return Label(_vendor(words))
    return Label(NO_FINDING if column == "finding" and lower in _NORMAL else words)


def _from_table(column: str, lower: str) -> Label:
    table = _TABLES[column]
    for key in (lower, re.sub(r"[_\-.]+", " ", lower).strip(), re.sub(r"\s*\(.*\)$", "", lower)):
        if key in table:
            return Label(table[key])
    if _AMBIGUOUS.search(lower):
        return Label(None, "says several things")
    if column in _CLOSED:
        return Label(None, f"is no {column}")
    return Label(lower.replace("_", " ").strip() or None)


def _age(lower: str) -> Label:
    """Whole years. DICOM's age strings (PS3.5, VR AS: 018M is one year) and plain numbers are read; above 89 the age
    itself identifies people, so it is top-coded at 90."""
    found = re.fullmatch(r"(\d{1,3})(?:\.\d+)?\s*(y|m|w|d|years?|yrs?)?", lower)
    if found is None or not lower.isascii():
        return Label(None, "is no age")
    divisor = {"m": 12.0, "w": 52.1775, "d": 365.2425}.get(found[2] or "y", 1.0)
    return Label(str(min(90, int(int(found[1]) / divisor))))


def _vendor(words: str) -> str:
    for name, pattern in _VENDORS:
        if re.fullmatch(pattern, words, re.IGNORECASE):
            return name
    return words
