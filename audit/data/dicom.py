"""DICOM folders: files found by content, labelled by their headers, joined with labels and questions."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audit.core.dataset import Dataset, Problem
from audit.core.errors import InputError
from audit.data.assemble import assemble
from audit.data.contradictions import against_header, without_doubted
from audit.data.dicom_header import MEDIA_DIRECTORY, NO_PREAMBLE_SUFFIXES, frames, is_dicom, read_header, text
from audit.data.dicom_join import Join, Joined, read_join
from audit.data.dicom_labels import HeaderFacts, facts_of
from audit.data.dicom_pixels import dicom_image, pixel_rule, refuse_size
from audit.data.dicom_slices import SliceOrder, evenly, pick_rule, picked, slice_order
from audit.data.entry import Entry, Identity
from audit.data.files import SUFFIXES
from audit.data.options import LoadOptions
from audit.data.paths import inside, shown
from audit.data.vocabulary import NOT_IMAGES

if TYPE_CHECKING:
    from pydicom import Dataset as Header

_LISTED = SUFFIXES | NO_PREAMBLE_SUFFIXES


@dataclass(frozen=True)
class _File:
    """One file of the folder: what its header says, or why it cannot be used."""

    path: Path
    place: str
    report_place: str
    reason: str = ""
    facts: HeaderFacts = field(default_factory=HeaderFacts)
    order: SliceOrder = field(default_factory=SliceOrder)
    frames: int = 1
    keys: tuple[tuple[str, str], ...] = ()


def load_dicom(path: Path, options: LoadOptions) -> Dataset:
    """Read all DICOM files at or below `path` (a folder, or one file).

    Files are known by content, not by name; images of other formats and damaged files are listed as unusable, further
    files only counted. See `facts_of` for labels, `frame_pixels` for pixels, `picked` for slices, `read_join` for
    `--labels`. Raises `InputError` where nothing is usable or the labels cannot be joined.
    """
    join = read_join(options)
    candidates, others = _candidates(path)
    folder = path if path.is_dir() else path.parent
    read = (
        _read(file, folder, f"file {n} of {len(candidates)}", options.max_pixels)
        for n, file in enumerate(candidates, 1)
    )
    files = [file for file in read if file is not None]
    chosen, problems = _chosen(files, options)
    if others:
        reason = "is neither DICOM nor an image" if others == 1 else "are neither DICOM nor images"
        problems.append(Problem("note", f"{others} further files", reason, f"{others} further files"))
    entries = list(_entries(chosen, join, options))
    if join is not None:
        problems += [*join.columns.problems, *_unmatched(join, chosen)]
    dataset = assemble(
        entries,
        name=options.name or folder.resolve().name or "dicom",
        source=str(path),
        rules=("Labels are read from DICOM headers.", pick_rule(options), pixel_rule(options)),
        problems=problems,
    )
    return replace(dataset, n_seen=dataset.n_seen + len(files) - len(chosen))


def read_one(path: Path, options: LoadOptions) -> Entry:
    """One DICOM file as an entry without places: its frame in the middle, its labels. Raises `InputError`."""
    header = read_header(path)
    _refuse(header, path, options.max_pixels)
    facts = facts_of(header)
    (frame,) = evenly(frames(header), 1)
    return Entry(
        place="",
        report_place="",
        image=dicom_image(path, frame, options),
        labels=facts.labels,
        doubted=facts.doubted,
        identity=facts.identity,
        problems=facts.problems,
        file=str(path),
    )


def _candidates(path: Path) -> tuple[list[Path], int]:
    """Files that are DICOM or look as if they should be, in order, and the number of all others."""
    if path.is_file():
        return [path], 0
    found, others = [], 0
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in (Path(folder) / name for name in sorted(names) if not name.startswith(".")):
            if file.suffix.lower() in _LISTED or _has_magic(file):
                found.append(file)
            else:
                others += 1
    return sorted(found), others


def _has_magic(file: Path) -> bool:
    try:
        return file.is_file() and is_dicom(file)
    except OSError:
        return False


def _read(path: Path, folder: Path, report_place: str, max_pixels: int) -> _File | None:
    """What a file's header says; None for a directory of media, which is no image and misses nothing."""
    blank = _File(path, str(path), report_place)
    try:
        _refuse_file(path, folder)
        header = read_header(path)
        if text(header.file_meta, "MediaStorageSOPClassUID") == MEDIA_DIRECTORY:
            return None
        _refuse(header, path, max_pixels)
    except InputError as error:
        return replace(blank, reason=error.problem)
    except OSError as error:
        return replace(blank, reason=f"cannot be read: {error.strerror}")
    keys = [(key, text(header, key)) for key in ("AccessionNumber", "StudyInstanceUID", "SOPInstanceUID")]
    return replace(
        blank,
        facts=facts_of(header),
        order=slice_order(header),
        frames=frames(header),
        keys=(*keys, ("path", Path(shown(path, folder)).as_posix())),
    )


def _refuse_file(path: Path, folder: Path) -> None:
    if inside(folder, str(path.absolute())) is None:
        raise InputError("is a link that leaves the folder", path=path)
    if not path.is_file():
        raise InputError("is not a regular file", path=path)
    if not is_dicom(path):
        kind = "an image but not DICOM: list it in a manifest" if path.suffix.lower() in SUFFIXES else "not DICOM"
        raise InputError(f"is {kind}", path=path)


def _refuse(header: Header, path: Path, max_pixels: int) -> None:
    modality = text(header, "Modality")
    if modality in NOT_IMAGES:
        raise InputError(f"holds no image (Modality {modality})", path=path)
    refuse_size(header, path, max_pixels)


def _chosen(files: Sequence[_File], options: LoadOptions) -> tuple[list[_File], list[Problem]]:
    """The files that are looked at, unusable ones among them, and a note on the slices that were passed over."""
    readable = [place for place, file in enumerate(files) if not file.reason]
    looked_at = {readable[i] for i in picked([files[place].order for place in readable], options)}
    chosen = [file for place, file in enumerate(files) if file.reason or place in looked_at]
    passed = len(files) - len(chosen)
    where = f"{passed} files"
    reason = f"passed over: slices of series of which only some are looked at (pick {options.pick})"
    return chosen, [Problem("note", where, reason, where)] if passed else []


def _entries(files: Sequence[_File], join: Join | None, options: LoadOptions) -> Iterator[Entry]:
    for file in files:
        if file.reason:
            yield Entry(file.place, file.report_place, reason=file.reason, file=str(file.path))
            continue
        for frame in evenly(file.frames, options.count):
            where = f", frame {frame + 1} of {file.frames}" if file.frames > 1 else ""
            yield _entry(file, frame, where, _joined(file, join), options)


def _joined(file: _File, join: Join | None) -> Joined:
    if join is None:
        return Joined()
    return join.by_key.get(dict(file.keys)[join.options.key or ""], Joined())


def _entry(file: _File, frame: int, where: str, joined: Joined, options: LoadOptions) -> Entry:
    place, report_place = file.place + where, file.report_place + where
    header = file.facts
    problems = (*header.problems, *against_header(joined.labels, header.labels, "the labels say"))
    return Entry(
        place=place,
        report_place=report_place,
        image=dicom_image(file.path, frame, options),
        labels=without_doubted({**header.labels, **joined.labels}, header.doubted),
        identity=Identity(
            patient=joined.identity.patient or header.identity.patient,
            study=joined.identity.study or header.identity.study,
            site=joined.identity.site or header.identity.site,
        ),
        questions=joined.questions,
        problems=tuple(replace(problem, place=place, report_place=report_place) for problem in problems),
        file=str(file.path),
    )


def _unmatched(join: Join, files: Sequence[_File]) -> list[Problem]:
    keys = [dict(file.keys)[join.options.key or ""] for file in files if not file.reason]
    used = {key for key in keys if key in join.by_key}
    return join.unmatched(used, sum(key not in join.by_key for key in keys), len(keys))
