"""Manifests: labels, identifiers, duplicates, questions and paths of a CSV."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.data.load import load
from audit.data.options import LoadOptions

HEADER = "path,modality,anatomy,view,finding"
Write = Callable[[str, int], Path]


def manifest(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "manifest.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def kinds(dataset: Dataset, kind: str) -> list[tuple[str, str]]:
    return [(problem.report_place, problem.reason) for problem in dataset.problems if problem.kind == kind]


def test_labels_clusters_and_ids(tmp_path: Path, write_picture: Write) -> None:
    for n in range(4):
        write_picture(f"i/{n}.png", n)
    path = manifest(
        tmp_path,
        "i/0.png,CR,CHEST,pa,No Finding,P1,St. Mary,Model A,Smith^John",
        "i/1.png,MR,,,Mass,P1,St. Mary,Model A,x",
        "i/2.png,CT or MRI,head,axial,,P2,Other,Model B,y",
        "i/3.png,,,,,,,,",
        header=HEADER + ",patient_id,Hospital,scanner,patient_name",
    )
    dataset = load(path)
    first, second, third, last = dataset.records
    assert first.labels["modality"] == "X-ray"
    assert (first.labels["finding"], first.labels["scanner"]) == ("no finding", "Model A")
    assert "modality" not in third.labels
    assert dict(last.labels) == {}
    assert first.cluster == second.cluster != third.cluster
    assert last.cluster == f"i-{last.image.sha256[:10]}"
    assert first.id == first.image.sha256[:12]
    assert first.labels["site"] == second.labels["site"] != third.labels["site"]
    assert not dataset.has_patients
    assert (dataset.kind, dataset.n_seen, dataset.n_unusable) == ("images", 4, 0)
    said = str([(r.id, r.cluster, r.labels) for r in dataset.records]) + str([p.reason for p in dataset.problems])
    assert not any(secret in said for secret in ("P1", "Mary", "Smith", "Other"))
    assert ("row 4", "modality 'CT or MRI' says several things: taken as unknown") in kinds(dataset, "missing_label")
    assert ("2 of 4 images", "the modality is unknown") in kinds(dataset, "missing_label")


def test_the_digest_follows_content_and_not_order_or_place(tmp_path: Path, write_picture: Write) -> None:
    for n in range(3):
        write_picture(f"{n}.png", n)
    rows = [f"{n}.png,CT,head,,x{n}" for n in range(3)]
    one = load(manifest(tmp_path, *rows)).sha256
    assert load(manifest(tmp_path, *reversed(rows))).sha256 == one
    assert load(manifest(tmp_path, *rows[:2], "2.png,CT,head,,y")).sha256 != one
    assert load(manifest(tmp_path, *rows[:2])).sha256 != one


def test_copies_are_kept_once_and_contradictions_kept_beside(tmp_path: Path, write_picture: Write) -> None:
    write_picture("a.png", 1)
    write_picture("b.png", 1)
    write_picture("c.png", 2)
    path = manifest(
        tmp_path,
        "a.png,CT,head,,Mass,A",
        "b.png,CT,,,Mass,A",
        "b.png,CT,head,,normal,B",
        "c.png,CT,head,,Mass,B",
        header=HEADER + ",patient",
    )
    dataset = load(path)
    assert len(dataset.records) == 3
    first, other, _ = dataset.records
    assert other.id == f"{first.id}-2"
    assert kinds(dataset, "duplicate") == [("row 3", "pixel-identical to row 2")]
    ((where, why),) = kinds(dataset, "contradiction")
    assert (where, why) == ("row 4", "pixel-identical to row 2, but its finding is 'no finding', not 'Mass'")
    assert len({record.cluster for record in dataset.records}) == 1, "patients that share a picture are one cluster"


def test_questions_about_one_picture_are_one_record(tmp_path: Path, write_picture: Write) -> None:
    write_picture("a.png", 1)
    rows = [f"a.png,CT,head,,,Where {n}?,left" for n in range(3)]
    dataset = load(manifest(tmp_path, *rows, header=HEADER + ",question,answer"))
    (record,) = dataset.records
    assert [q["question"] for q in record.meta["questions"]] == ["Where 0?", "Where 1?", "Where 2?"]  # type: ignore[index,union-attr,call-overload]
    assert kinds(dataset, "duplicate") == []


def test_a_missing_or_damaged_picture_is_listed_and_the_load_goes_on(tmp_path: Path, write_picture: Write) -> None:
    write_picture("a.png", 1)
    cut = write_picture("cut.png", 2)
    cut.write_bytes(cut.read_bytes()[:60])
    (tmp_path / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0\0\xea\x60" * 2 + b"\x08\0\0\0\0" + b"\0" * 40
    )
    dataset = load(manifest(tmp_path, "none.png,,,,", "a.png,,,,", "cut.png,,,,", "bomb.png,,,,", f"{'x' * 3000},,,,"))
    assert len(dataset.records) == 1
    assert (dataset.n_seen, dataset.n_unusable) == (5, 4)
    found = dict(kinds(dataset, "unusable"))
    assert list(found) == ["row 2", "row 4", "row 5", "row 6"]
    assert found["row 2"] == "there is no such file"
    assert all(str(tmp_path) not in reason for reason in found.values())


@pytest.mark.parametrize("named", ["../x.png", "/etc/passwd", "out/x.png", "i/../../x.png"])
def test_a_path_that_leaves_the_folder_names_its_row(tmp_path: Path, named: str, write_picture: Write) -> None:
    (tmp_path / "data").mkdir()
    write_picture("data/a.png", 1)
    (tmp_path / "data" / "out").symlink_to(tmp_path)
    with pytest.raises(InputError, match=r"row 3: the path .* leaves the folder"):
        load(manifest(tmp_path / "data", "a.png,,,,", f"{named},,,,"))


def test_an_empty_path_and_labels_are_refused(tmp_path: Path, write_picture: Write) -> None:
    with pytest.raises(InputError, match="row 2: the path is empty"):
        load(manifest(tmp_path, ",CT,,,"))
    write_picture("a.png", 1)
    path = manifest(tmp_path, "a.png,CT,,,")
    with pytest.raises(InputError, match="DICOM folders"):
        load(path, LoadOptions(labels=path, key="path"))


def test_columns_that_identify_or_ramble_are_no_labels(tmp_path: Path, write_picture: Write) -> None:
    for n in range(60):
        write_picture(f"{n}.png", n)
    rows = [f"{n}.png,CT,,,,{n},{'long ' * 20},1990-01-01,{n % 2}" for n in range(60)]
    dataset = load(manifest(tmp_path, *rows, header=HEADER + ",code,licence,study_date,arm"))
    assert set(dataset.records[0].labels) == {"modality", "arm"}
    noted = dict(kinds(dataset, "note"))
    assert "60 different values" in noted["column 'code'"]
    assert "longer than" in noted["column 'licence'"]
    assert "identify" in noted["column 'study_date'"]


def test_rows_may_name_dicom_files_and_contradict_them(
    tmp_path: Path, write_dicom: Callable[..., Path], write_picture: Write
) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (8, 8), dtype=np.uint8)
    write_dicom("ct.dcm", pixels, Modality="CT", BodyPartExamined="HEAD", PatientID="7")
    write_dicom("scout.dcm", pixels.T, Modality="CT", ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    dataset = load(manifest(tmp_path, "ct.dcm,X-ray,,,", "scout.dcm,CT,chest,,"))
    first, scout = dataset.records
    assert (first.labels["modality"], first.labels["anatomy"]) == ("X-ray", "head")
    assert first.cluster.startswith("p-")
    assert "modality" not in scout.labels, "the row only repeats what the header contradicts"
    assert [where for where, _ in kinds(dataset, "contradiction")] == ["row 2", "row 3"]


def test_sixteen_bit_pixels_that_would_be_black_are_noted(tmp_path: Path) -> None:
    import PIL.Image

    PIL.Image.fromarray(np.arange(4000, dtype=np.uint16).reshape(50, 80)).save(tmp_path / "a.png")
    PIL.Image.fromarray(np.full((4, 4), 9, np.uint8)).save(tmp_path / "b.png")
    dataset = load(manifest(tmp_path, "a.png,,,,", "b.png,,,,"))
    noted = dict(kinds(dataset, "note"))
    assert "almost black" in noted["row 2"]
    assert "same value" in noted["row 3"]


@given(st.lists(st.text(max_size=15), min_size=5, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
def test_any_cells_give_a_dataset_or_one_input_error(tmp_path: Path, write_picture: Write, cells: list[str]) -> None:
    import csv

    write_picture("a.png", 1)
    path = tmp_path / "any.csv"
    with path.open("w", newline="", encoding="utf-8", errors="replace") as stream:
        csv.writer(stream).writerows([HEADER.split(","), ["a.png", *cells[1:]], cells])
    try:
        message = load(path).name
    except InputError as error:
        message = str(error)
    assert "\n" not in message
