"""The audit of one DICOM header."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.core.errors import InputError
from audit.data.dicom_header import DICOM_ERRORS, is_dicom, read_header, text
from probes.phi.header.profile import action, group_kind, table
from probes.phi.header.report import Found, HeaderReport
from probes.phi.text import identify

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.dataelem import DataElement

LONGEST = 256  # characters of a value that are kept
DEEPEST = 16  # nested sequences that are followed
MOST = 20_000  # elements of one file that are looked at
_KINDS = {"PN": "name", "DA": "date", "DT": "date", "TM": "time", "UI": "uid", "SQ": "sequence",
          "LT": "text", "ST": "text", "UT": "text", "UC": "text"}  # fmt: skip
_WORDS = frozenset({"LO", "SH", "LT", "ST", "UT", "UC"})
_BYTES = frozenset({"OB", "OW", "OD", "OF", "OL", "OV", "UN"})
_REPORTS = "1.2.840.10008.5.1.4.1.1.88."
_IDS = ("ID", "Number", "Identifier", "Identification")


def audit_header(source: Path | Dataset) -> HeaderReport:
    """Every attribute that is present, not empty, and removed or replaced by the Basic Profile (PS3.15 Table E.1-1),
    in file meta, data set and nested sequences; besides person names and text with identifiers elsewhere.

    A value that was replaced cannot be told from an original: what is reported is present, not proven to identify.
    Raises `InputError` for a file that is not DICOM or cannot be read at all; single damaged elements are listed.
    """
    header = _read(source) if isinstance(source, Path) else source
    found: list[Found] = []
    damaged: list[str] = []
    meta = getattr(header, "file_meta", None)
    for start, dataset in (("", meta), ("", header)):
        if dataset is not None:
            _walk(dataset, start, found, damaged)
    return HeaderReport(
        found=tuple(found),
        modality=text(header, "Modality"),
        removed=text(header, "PatientIdentityRemoved").upper(),
        burned_in=text(header, "BurnedInAnnotation").upper(),
        structured=text(header, "SOPClassUID").startswith(_REPORTS) or text(header, "Modality") == "SR",
        damaged=tuple(damaged),
    )


def _read(path: Path) -> Dataset:
    header = read_header(path)
    if not is_dicom(path):  # pydicom finds elements in any bytes, and an audit of those would find nothing wrong
        raise InputError("is not DICOM", path=path)
    return header


def _walk(dataset: Dataset, start: str, found: list[Found], damaged: list[str]) -> None:
    """Depth first, without recursion: a hostile file may nest deeper than Python can follow."""
    stack = [(start, dataset, 0)]
    looked_at = 0
    while stack:
        prefix, items, depth = stack.pop()
        for tag, element in _elements(items):
            looked_at += 1
            place = prefix + _name(int(tag))
            if element is None:
                damaged.append(place)
                continue
            if looked_at > MOST or depth >= DEEPEST:
                why = "too many elements" if depth < DEEPEST else "nested too deep"
                damaged.append(f"{place} and what follows: {why}")
                return
            found += _judged(place, element)
            if element.VR == "SQ":
                nested = [(f"{place}[{n}].", item, depth + 1) for n, item in enumerate(element.value or (), 1)]
                stack += nested[::-1]


def _elements(dataset: Dataset) -> Iterator[tuple[Any, DataElement | None]]:
    """Tags with their elements, None where one cannot be converted."""
    for tag in sorted(dataset.keys()):
        try:
            element = dataset[tag]
            str(element.VR), element.value
        except DICOM_ERRORS:
            element = None
        yield tag, element


def _name(tag: int) -> str:
    from pydicom.datadict import keyword_for_tag

    keyword = "" if group_kind(tag) else keyword_for_tag(tag) or table().get(tag, ("", ""))[1]
    return keyword or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _judged(place: str, element: DataElement) -> Iterator[Found]:
    tag, vr = int(element.tag), str(element.VR)
    value = _text(element)
    if not value:
        return
    done = action(tag)
    if done:
        yield Found(place, tag, vr, group_kind(tag) or kind(place, vr), done, value)
    elif vr == "PN":
        yield Found(place, tag, vr, "name", "", value)
    elif vr in _WORDS:
        for span in identify(value):
            yield Found(place, tag, vr, "text", "", span.of(value))


def kind(place: str, vr: str) -> str:
    """What a value is, by its representation, where that says nothing by the attribute's name."""
    if vr in _BYTES:
        return "bytes"
    if vr in _KINDS:
        return _KINDS[vr]
    return "id" if place.rpartition(".")[2].endswith(_IDS) else "text"


def _text(element: DataElement) -> str:
    """The value as text, at most `LONGEST` characters; a count stands for sequences and bytes; "" where empty."""
    value = element.value
    if element.VR == "SQ":
        return f"{len(value)} items" if value else ""
    if isinstance(value, bytes):
        return f"{len(value)} bytes" if value.strip(b"\0 ") else ""
    many = value if isinstance(value, list | tuple) or type(value).__name__ == "MultiValue" else (value,)
    told = "\\".join("" if one is None else str(one).replace("\0", " ").strip() for one in many)
    return told.strip("\\^= ")[:LONGEST]
