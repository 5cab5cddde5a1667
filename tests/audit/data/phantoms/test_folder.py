"""A written folder holds what the data set in memory holds."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from audit.core.errors import InputError
from audit.data.load import load
from audit.data.phantoms import phantoms, write_phantoms
from audit.data.phantoms.folder import COLUMNS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("phantoms") / "out"
    write_phantoms(path, 30, seed=4, size=64)
    return path


def test_the_manifest_has_its_columns_and_the_files_their_pixels(folder: Path) -> None:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    for row, record in zip(rows, phantoms(30, 4, 64).records, strict=True):
        np.testing.assert_array_equal(np.asarray(Picture.open(folder / row["path"])), record.image.pixels)
        assert {name: row[name] for name in COLUMNS[1:] if row[name]} == dict(record.labels)


def test_the_reader_of_manifests_finds_the_same_labels(folder: Path) -> None:
    read, drawn = load(folder), phantoms(30, 4, 64)
    assert read.n_unusable == 0
    assert [r.image.sha256 for r in read.records] == [r.image.sha256 for r in drawn.records]
    for ours, theirs in zip(drawn.records, read.records, strict=True):
        for name in ("modality", "anatomy", "view", "finding"):
            assert theirs.labels[name] == ours.labels[name]
    assert len({r.cluster for r in read.records}) == len({r.cluster for r in drawn.records})


def test_questions_have_their_answer_among_the_options(folder: Path) -> None:
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["kind"] for row in rows} == {"modality", "anatomy", "view", "laterality", "finding", "count"}
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert (folder / row["image"]).is_file()
        if row["kind"] == "count":
            assert row["answer"].isdigit()
        else:
            assert row["answer"] in row["options"]


def test_annotations_name_every_image(folder: Path) -> None:
    rows = [json.loads(line) for line in (folder / "annotations.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 30
    assert all({"boxes", "measurements_mm", "counts", "severity", "pixel_mm"} <= set(row) for row in rows)


def test_a_folder_that_holds_files_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="not empty"):
        write_phantoms(folder, 2, seed=1)


def test_one_kind_alone_keeps_its_patients_and_its_vendors(tmp_path: Path) -> None:
    data = write_phantoms(tmp_path / "chest", 40, seed=4, size=32, kind="chest radiograph")
    assert {(r.labels["modality"], r.labels["anatomy"]) for r in data.records} == {("X-ray", "chest")}
    assert len({r.cluster for r in data.records}) < 40
    vendors = {(r.cluster, r.labels["vendor"]) for r in data.records}
    assert len(vendors) == len({r.cluster for r in data.records})
    assert "chest radiograph" in data.rules[0]
    with pytest.raises(InputError, match="known: chest radiograph"):
        write_phantoms(tmp_path / "x", 4, seed=4, kind="toe")
