"""Questions about images: VQA-RAD, SLAKE, OVQA, PathVQA, MIMIC-CXR-VQA, and any file of the same shape."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from audit.core.canonical import Json, digest
from audit.core.dataset import Dataset, Problem, Record
from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.absent import absent_image
from audit.data.assemble import dataset_digest, hashed
from audit.data.clusters import connected_components
from audit.data.columns import Columns, columns_of, identity_of
from audit.data.csvtable import ALIASES, Table
from audit.data.entry import Entry, Identity
from audit.data.files import open_image
from audit.data.manifest import REQUIRED
from audit.data.options import LoadOptions
from audit.data.paths import inside
from audit.data.pseudonyms import is_placeholder, pseudonym, salt_of
from audit.data.vqa_layouts import LeftOutError, VqaRow, field_of, layout_of, row_of
from audit.data.vqa_rows import REMEDY, read_rows

FILES = ("test.json", "testset.json", "VQA_RAD Dataset Public.json", "questions.jsonl", "questions.json")
FOLDERS = ("", "images", "imgs", "img", "VQA_RAD Image Folder", "image")
_ENDINGS = ("", ".jpg", ".png", ".jpeg")


def vqa_file(path: Path) -> Path | None:
    """The question file that a path means, told by its beginning: a JSON list, JSON lines of objects with a question, a
    CSV with question and answer that is no manifest, or the first of `FILES` in a folder. None for anything else."""
    if path.is_dir():
        return next((path / name for name in FILES if (path / name).is_file()), None)
    suffix = path.suffix.lower()
    if suffix not in (".json", ".jsonl", ".csv") or not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(65536).decode("utf-8-sig", "replace").lstrip()
    if suffix == ".json":
        return path if head.startswith("[") else None
    first = head.partition("\n")[0]
    if suffix == ".csv":
        names = {name.strip().lower() for name in next(csv.reader([first]), [])}
        return path if {"question", "answer"} <= names and not set(REQUIRED) <= names else None
    try:
        row = json.loads(first)
    except (ValueError, RecursionError):
        return None
    return path if isinstance(row, dict) and "question" in row and "task_type" not in row else None


def load_vqa(file: Path, options: LoadOptions) -> Dataset:
    """Read questions and their images: one record per question; records of one picture share its `Image`.

    Images lie in `options.image_root`, else beside the file, there or in a folder that the published layouts use.
    `meta` holds question, answers, options, answer_type, question_type, multilabel and layout; labels are modality,
    anatomy and every further column that is one. Clusters join questions by picture, patient and study; identifiers
    become pseudonyms. A row that is no question, or whose image cannot be used, is listed. Raises `InputError` for a
    file that is none, for an id that stands twice, or where no row is usable.
    """
    raw = read_rows(file)
    first = raw[0][1]
    layout = layout_of(tuple(first), str(field_of(first, "image") or ""))
    raw = [(n, row) for n, row in raw if str(field_of(row, "language") or "en").lower() == "en"]
    problems: list[Problem] = []
    rows = [row for number, one in raw if (row := _row(file, number, one, layout, problems)) is not None]
    _check_ids(file, rows)
    images = _images(file, rows, options, problems)
    usable = [row for row in rows if row.image in images]
    if not usable:
        why = problems[0].reason if problems else "none has a question"
        raise InputError(f"none of {len(raw)} rows is usable (the first: {why})", path=file, remedy=REMEDY)
    columns = _columns(file, usable)
    records = _records(usable, images, columns, layout)
    return Dataset(
        name=options.name or (layout if layout != "general" else file.stem),
        kind="vqa",
        records=records,
        source=str(file),
        sha256=dataset_digest("vqa", records),
        problems=(*problems, *columns.problems),
        rules=_rules(layout, raw, records),
        n_seen=len(raw),
        has_patients=all("patient" in record.labels for record in records),
    )


def _row(file: Path, number: int, raw: Mapping[str, object], layout: str, problems: list[Problem]) -> VqaRow | None:
    try:
        row = row_of(number, raw)
    except ValueError as error:
        kind: Literal["note", "unusable"] = "note" if isinstance(error, LeftOutError) else "unusable"
        problems.append(Problem(kind, f"{file}, row {number}", str(error), f"row {number}"))
        return None
    stated = str(field_of(raw, "answer_type") or "").strip().casefold()
    if layout == "OVQA" and stated == "closed" and row.answer_type == "open":
        reason = "a closed question without yes or no and without options: left out, as published"
        problems.append(Problem("note", f"{file}, row {number}", reason, f"row {number}"))
        return None
    return row


def _check_ids(file: Path, rows: Sequence[VqaRow]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if row.id and row.id in seen:
            raise InputError(
                f"the id {row.id[:60]!r} stands in row {seen[row.id]} too", path=file, row=row.number,
                remedy="ids name one question each",
            )  # fmt: skip
        seen[row.id] = row.number


def _images(file: Path, rows: Sequence[VqaRow], options: LoadOptions, problems: list[Problem]) -> dict[str, Image]:
    """Each picture once, by the name that rows give it; those that cannot be used are listed with their rows."""
    root = options.image_root or file.parent
    first = {row.image: row.number for row in reversed(rows)}
    entries = hashed([_open(root, name, number, options) for name, number in first.items()])
    found: dict[str, Image] = {}
    for name, entry in zip(first, entries, strict=True):
        if entry.image is not None:
            found[name] = entry.image
            continue
        for row in rows:
            if row.image == name:
                place = f"row {row.number}"
                problems.append(Problem("unusable", f"{file}, {place} ({name[:200]})", entry.reason, place))
    return found


def _open(root: Path, name: str, number: int, options: LoadOptions) -> Entry:
    blank = Entry(place=f"row {number}", report_place=f"row {number}")
    try:
        found = _located(root, name)
        if found is not None:
            return replace(blank, image=open_image(found, options.max_pixels), file=str(found))
        if not options.need_images:
            return replace(blank, image=absent_image(name))
        return replace(blank, reason="its image is not there (name the folder of images with --image-root)")
    except InputError as error:
        return replace(blank, reason=error.problem)
    except (OSError, ValueError):
        return replace(blank, reason="its image has no name that a file can have")


def _located(root: Path, name: str) -> Path | None:
    plain = name.replace("\\", "/")
    for folder in FOLDERS:
        for ending in _ENDINGS:
            file = inside(root, f"{folder}/{plain}{ending}" if folder else plain + ending)
            if file is None:
                raise InputError("its image lies outside the folder of images")
            if file.is_file():
                return file
    return None


def _columns(file: Path, rows: Sequence[VqaRow]) -> Columns:
    """The further columns as labels, sorted out as those of a manifest are."""
    known = {other: name for name, others in ALIASES.items() if name != "path" for other in others}
    renamed = [{known.get(key.lower(), key.lower()): value for key, value in row.cells.items()} for row in rows]
    names = tuple(dict.fromkeys(name for cells in renamed for name in cells))
    table = Table(
        file,
        names,
        tuple(
            (row.number, {name: cells.get(name, "") for name in names})
            for row, cells in zip(rows, renamed, strict=True)
        ),
    )
    columns = columns_of(table, key="path")
    return replace(columns, questions=()) if names else Columns((), (), ())


def _records(rows: Sequence[VqaRow], images: Mapping[str, Image], columns: Columns, layout: str) -> tuple[Record, ...]:
    known = {other: name for name, others in ALIASES.items() if name != "path" for other in others}
    salt = salt_of({images[row.image].sha256 for row in rows})
    cells = [{known.get(key.lower(), key.lower()): value for key, value in row.cells.items()} for row in rows]
    people = [_pseudonyms(identity_of(each), salt) for each in cells]
    groups = [
        (
            f"row {row.number}",
            f"pixels {images[row.image].sha256}",
            *(f"{k} {v}" for k, v in who.items() if k != "site"),
        )
        for row, who in zip(rows, people, strict=True)
    ]
    component = connected_components(groups)
    names = {component[f"row {row.number}"]: _name(row, who, images) for row, who in reversed(list(zip(rows, people)))}  # noqa: B905
    used: dict[str, int] = {}
    records = []
    for row, who, each in zip(rows, people, cells, strict=True):
        stem = row.id or f"{images[row.image].sha256[:12]}-{digest(row.question)[:8]}"
        used[stem] = used.get(stem, 0) + 1
        filled = {name: each.get(name, "") for name in columns.labels}
        records.append(
            Record(
                id=stem if used[stem] == 1 else f"{stem}-{used[stem]}",
                image=images[row.image],
                cluster=names[component[f"row {row.number}"]],
                labels={**columns.labels_of(filled), **who},
                meta=_meta(row, layout),
            )
        )
    return tuple(records)


def _pseudonyms(who: Identity, salt: str) -> dict[str, str]:
    texts = {"patient": ("p", who.patient, 10), "study": ("s", who.study, 10), "site": ("site", who.site, 6)}
    return {
        name: pseudonym(prefix, salt, text, digits)
        for name, (prefix, text, digits) in texts.items()
        if not is_placeholder(text)
    }


def _name(row: VqaRow, who: Mapping[str, str], images: Mapping[str, Image]) -> str:
    return who.get("patient") or who.get("study") or f"i-{images[row.image].sha256[:10]}"


def _meta(row: VqaRow, layout: str) -> dict[str, Json]:
    return {
        "question": row.question,
        "answers": list(row.answers),
        "options": list(row.options),
        "answer_type": row.answer_type,
        "question_type": row.question_type,
        "multilabel": row.multilabel,
        "layout": layout,
    }


def _rules(layout: str, raw: Sequence[object], records: Sequence[Record]) -> tuple[str, ...]:
    closed = sum(record.meta["answer_type"] == "closed" for record in records)
    known = "a general question file" if layout == "general" else f"the layout of {layout}"
    pictures = len({record.image.sha256 for record in records})
    return (
        f"Read as {known}: {len(records)} of {len(raw)} rows, {closed} closed and {len(records) - closed} open, about"
        f" {pictures} images.",
        "A closed question that offers a choice without listing it is asked as an open one.",
        "The cluster is the connected component of questions that share an image, a patient or a study.",
    )
