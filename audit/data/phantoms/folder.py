"""Phantoms as a folder: PNG images, manifest.csv, questions.jsonl and annotations.jsonl."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.data.phantoms.questions import questions_of
from audit.data.phantoms.series import phantoms

COLUMNS = (
    "path", "modality", "anatomy", "view", "finding", "patient", "study", "site", "vendor", "sex", "age",
    "laterality", "sequence",
)  # fmt: skip


def write_phantoms(folder: Path, n: int, seed: int, size: int = 128, kind: str = "") -> Dataset:
    """Draw `n` phantoms (of one `kind`, "" for all) into `folder`; returns the data set that was written.

    `images/*.png`, `manifest.csv` (one row per image, empty where a label has no meaning), `questions.jsonl`
    (id, image, question, options, answer, kind) and `annotations.jsonl` (boxes in pixels, measurements in mm, counts,
    severity). Raises `InputError` where `folder` holds files already, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("The output folder exists and is not empty", path=folder, remedy="name a new folder")
    data = phantoms(n, seed, size, kind)
    try:
        (folder / "images").mkdir(parents=True, exist_ok=True)
        _images(folder, data)
        _manifest(folder / "manifest.csv", data)
        questions = [row for record in data.records for row in questions_of(record)]
        notes = [{"id": r.id, "image": _path(r.id), **r.meta} for r in data.records]
        for name, rows in (("questions.jsonl", questions), ("annotations.jsonl", notes)):
            text = "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows)
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"The phantoms cannot be written: {error.strerror}", path=folder) from error
    return data


def _path(record_id: str) -> str:
    return f"images/{record_id}.png"


def _images(folder: Path, data: Dataset) -> None:
    from PIL import Image as Picture

    for record in data.records:
        Picture.fromarray(record.image.pixels).save(folder / _path(record.id))


def _manifest(path: Path, data: Dataset) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for record in data.records:
            writer.writerow({"path": _path(record.id)} | {name: record.labels.get(name, "") for name in COLUMNS[1:]})
