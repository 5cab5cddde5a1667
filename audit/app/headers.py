"""The audit of DICOM headers over files and folders: what is present, and what of it stands in the pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audit.core.errors import InputError

if TYPE_CHECKING:
    from audit.core.reading import Page, Reader
    from probes.phi.detect import Detected
    from probes.phi.header import HeaderReport, Seen

NOT_ASKED = "no reader was named"
_SUFFIXES = frozenset({".dcm", ".dicom", ".ima"})


@dataclass(frozen=True)
class Audited:
    """One file: its report, or the `problem` for which there is none; header values seen in its pixels and further
    identifiers read there, or why the pixels were not read (`unseen`)."""

    path: Path
    report: HeaderReport | None = None
    problem: str = ""
    seen: tuple[Seen, ...] = ()
    detected: tuple[Detected, ...] = ()
    unseen: str = ""


def audited(paths: Sequence[Path], reader: Reader | None = None) -> Iterator[Audited]:
    """Audit every DICOM file at or below `paths`, in order of name; with a reader, its pixels too.

    Raises `InputError` where a path does not exist or none leads to a DICOM file. A file that cannot be read is one
    with a problem.
    """
    for path in paths:
        if not path.exists():
            raise InputError("there is no such file or folder", path=path)
    found = False
    for path in paths:
        for file in _files(path):
            found = True
            yield _audited(file, reader)
    if not found:
        raise InputError("there is no DICOM file here", path=", ".join(map(str, paths)), remedy="name a DICOM folder")


def _files(path: Path) -> Iterator[Path]:
    from audit.data.dicom_header import is_dicom

    if path.is_file():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.is_symlink() or not file.is_file():
            continue
        try:
            known = file.suffix.lower() in _SUFFIXES or is_dicom(file)
        except OSError:
            known = True  # then it is reported as one that cannot be read
        if known:
            yield file


def _audited(file: Path, reader: Reader | None) -> Audited:
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", module=r"(pydicom|pylibjpeg|openjpeg|libjpeg)\b"
        )  # unusual values are read all the same
        return _looked_at(file, reader)


def _looked_at(file: Path, reader: Reader | None) -> Audited:
    from probes.phi.detect import located
    from probes.phi.header import audit_header, cross_check

    try:
        report = audit_header(file)
    except InputError as error:
        return Audited(file, problem=error.problem)
    except OSError as error:
        return Audited(file, problem=f"cannot be read: {error.strerror}")
    if reader is None:
        return Audited(file, report, unseen=NOT_ASKED)
    try:
        pages = [_page(file, frame, reader) for frame in _frames(file)]
    except InputError as error:
        return Audited(file, report, unseen=error.problem)
    seen = {(one.place, one.text): one for page in pages for one in cross_check(report, page)}
    read = {(one.category, one.text): one for page in pages for one in located(page)}
    return Audited(file, report, seen=tuple(seen.values()), detected=tuple(read.values()))


def _frames(file: Path) -> tuple[int, ...]:
    """The first, the middle and the last frame: burned-in text seldom changes within a file."""
    from audit.data.dicom_header import frames, read_header

    last = frames(read_header(file)) - 1
    return tuple(sorted({0, last // 2, last}))


def _page(file: Path, frame: int, reader: Reader) -> Page:
    from audit.core.reading import page
    from audit.data.dicom_pixels import frame_pixels
    from audit.data.options import LoadOptions

    return page(reader.read(frame_pixels(file, frame, LoadOptions())))


def reader_of(spec: str | None) -> Reader | None:
    """The reader that a model spec names, None without one. Raises `InputError` for a model that does not read."""
    if spec is None:
        return None
    from audit.core.reading import Reader
    from audit.models.table import open_model

    model = open_model(spec)
    if not isinstance(model, Reader):
        raise InputError(f"The model {spec!r} gives no boxes of printed text", remedy="for example ocr:rapidocr")
    return model


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all. Raises `InputError` where that fails."""
    neighbour = path.with_name(f".{path.name}.new")
    try:
        neighbour.touch(mode=0o600)
        neighbour.write_text(text, encoding="utf-8", errors="backslashreplace")
        neighbour.replace(path)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=path) from error
