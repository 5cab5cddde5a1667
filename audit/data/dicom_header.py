"""DICOM headers: read with patience, refused with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydicom.errors import BytesLengthException, InvalidDicomError

from audit.core.errors import InputError
from audit.data.files import DECODE_ERRORS, unreadable

if TYPE_CHECKING:
    from pydicom import Dataset as Header

NO_PREAMBLE_SUFFIXES = frozenset({".dcm", ".dicom", ".ima", ""})
# What pydicom raises beyond the decoders' errors.
DICOM_ERRORS = (*DECODE_ERRORS, BytesLengthException, InvalidDicomError)
MEDIA_DIRECTORY = "1.2.840.10008.1.3.10"


def is_dicom(path: Path) -> bool:
    """Whether a file is DICOM by its content: "DICM" behind the preamble, or a data set without preamble that starts
    with an element of group 0002 or 0008 and names its SOP class. Raises `OSError` where it cannot be opened."""
    with path.open("rb") as stream:
        head = stream.read(132)
    if head[128:132] == b"DICM":
        return True
    if path.suffix.lower() not in NO_PREAMBLE_SUFFIXES or head[:2] not in (b"\x08\x00", b"\x02\x00"):
        return False
    try:
        return bool(text(_read(path, pixels=False), "SOPClassUID"))
    except InputError:
        return False


def read_header(path: Path) -> Header:
    """The header without its pixels. Raises `InputError` with the reason where it cannot be read."""
    return _read(path, pixels=False)


def read_whole(path: Path) -> Header:
    """Header and encoded pixels, with a transfer syntax even where a file without preamble states none."""
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

    header = _read(path, pixels=True)
    if getattr(header, "file_meta", None) is None:
        header.file_meta = FileMetaDataset()
    if "TransferSyntaxUID" not in header.file_meta:
        implicit, little = header.original_encoding
        explicit = ExplicitVRLittleEndian if little else ExplicitVRBigEndian
        header.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else explicit
    return header


def _read(path: Path, *, pixels: bool) -> Header:
    import pydicom

    try:
        if not path.is_file():
            raise InputError("there is no such file", path=path)
        header = pydicom.dcmread(path, force=True, stop_before_pixels=not pixels)
    except DICOM_ERRORS as error:
        raise unreadable(path, error) from error
    if len(header) == 0:
        raise InputError("is not DICOM, or cut off within its header", path=path)
    return header


def value(header: Header, keyword: str) -> Any:
    """The value of an element, None where it is absent, empty or damaged."""
    try:
        found = header.get(keyword)
    except DICOM_ERRORS:  # a damaged value is converted, and fails, on access
        return None
    return None if found is None or found == "" else found


def text(header: Header, keyword: str) -> str:
    """The (first) value of an element as text without padding, "" where it is absent."""
    found = value(header, keyword)
    if isinstance(found, list | tuple) or type(found).__name__ == "MultiValue":
        found = found[0] if len(found) else ""
    return "" if found is None else " ".join(str(found).replace("\0", " ").split())


def texts(header: Header, keyword: str) -> tuple[str, ...]:
    """All values of an element as texts."""
    found = value(header, keyword)
    if found is None:
        return ()
    many = isinstance(found, list | tuple) or type(found).__name__ == "MultiValue"
    return tuple(str(entry).strip() for entry in (found if many else (found,)))


def numbers(header: Header, keyword: str) -> tuple[float, ...]:
    """All values of an element as numbers, () where one is none."""
    try:
        return tuple(float(entry) for entry in texts(header, keyword))
    except ValueError:
        return ()


def frames(header: Header) -> int:
    """How many frames a file holds, at least 1."""
    found = numbers(header, "NumberOfFrames")
    return max(1, int(found[0])) if found and found[0] < 1e6 else 1
