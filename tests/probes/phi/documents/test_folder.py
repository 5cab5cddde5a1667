"""A written folder holds what the documents in memory say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from audit.core.errors import InputError
from probes.phi.documents import Look, document, folder, write_documents

LOOK = Look(dpi=60, rotation=1)


def test_files_and_rows(tmp_path: Path) -> None:
    write_documents(tmp_path / "out", 7, seed=3, look=LOOK, dicom=True)
    rows = [json.loads(line) for line in (tmp_path / "out/annotations.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["index"] for row in rows] == list(range(7))
    for row in rows:
        page = document(3, row["index"], look=LOOK)
        pixels = np.asarray(Picture.open(tmp_path / "out" / row["image"]))
        np.testing.assert_array_equal(pixels, page.image.pixels)
        assert row["sha256"] == page.image.sha256
        assert row["size"] == [pixels.shape[1], pixels.shape[0]]
        assert (tmp_path / "out" / row["dicom"]).is_file()
        assert {"type", "value", "box", "page", "inferable", "field", "column", "polygon"} <= set(row["values"][0])
    assert len(list((tmp_path / "out").rglob("*.*"))) == 15


def test_a_document_does_not_depend_on_how_many_follow(tmp_path: Path) -> None:
    for n in (2, 5):
        write_documents(tmp_path / str(n), n, seed=1, look=LOOK)
    few, many = ((tmp_path / f"{n}/annotations.jsonl").read_bytes() for n in (2, 5))
    assert many.startswith(few)
    for file in (tmp_path / "2/images").iterdir():
        assert file.read_bytes() == (tmp_path / "5/images" / file.name).read_bytes()


def test_a_folder_with_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("mine")
    with pytest.raises(InputError, match="exists and is not empty"):
        write_documents(tmp_path / "out", 1)
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine.txt"]


def test_nothing_is_left_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> bytes:
        raise OSError(28, "No space left on device")

    (tmp_path / "mine").mkdir()
    monkeypatch.setattr(folder, "encode_png", full)
    for name in ("mine", "new"):
        with pytest.raises(InputError, match="cannot be written: No space left"):
            write_documents(tmp_path / name, 1, look=LOOK)
    assert [path.name for path in tmp_path.rglob("*")] == ["mine"]


def test_the_current_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_documents(Path(), 1, look=LOOK)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["annotations.jsonl", "images"]


@pytest.mark.parametrize("n", [0, 10**6 + 1])
def test_how_many_is_bounded(tmp_path: Path, n: int) -> None:
    with pytest.raises(InputError, match="Expected 1 to 1,000,000 documents"):
        write_documents(tmp_path / "out", n)
    assert not (tmp_path / "out").exists()
