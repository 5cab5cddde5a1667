"""DICOM folders: what is found, passed over, joined, contradicted and unusable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.data.load import load
from audit.data.options import LoadOptions

Write = Callable[..., Path]


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape or (8, 8), dtype=np.uint8)


def reasons(dataset: Dataset, kind: str) -> list[str]:
    return [problem.reason for problem in dataset.problems if problem.kind == kind]


@pytest.fixture
def series(write_dicom: Write) -> Path:
    """Two patients: a CT series of five slices each, and an ultrasound loop of four frames."""
    for patient in (1, 2):
        for z in range(5):
            write_dicom(
                f"d/{patient}-{z}.dcm",
                noise(10 * patient + z),
                Modality="CT",
                PatientID=f"MRN{patient}",
                SeriesInstanceUID=f"1.{patient}",
                StudyInstanceUID=f"9.{patient}",
                AccessionNumber=f"ACC{patient}",
                InstitutionName="City Hospital",
                ImagePositionPatient=[0, 0, 100 - 5 * z],
                ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            )
    loop = write_dicom("d/loop", noise(99, 4, 8, 8), frames=4, Modality="US", PatientID="MRN2", AccessionNumber="ACC3")
    return loop.parent


def test_the_middle_slice_and_frame_by_default(series: Path) -> None:
    dataset = load(series)
    assert sorted(Path(record.image.source).name for record in dataset.records) == ["1-2.dcm#1", "2-2.dcm#1", "loop#3"]
    assert (dataset.n_seen, dataset.n_unusable, dataset.has_patients) == (11, 0, True)
    assert len({record.cluster for record in dataset.records}) == 2
    assert any("8 files" in problem.place for problem in dataset.problems)
    assert any("the one in the middle" in rule for rule in dataset.rules)


def test_all_or_some_slices(series: Path) -> None:
    assert len(load(series, LoadOptions(pick="all")).records) == 14
    assert len(load(series, LoadOptions(pick="3")).records) == 9


def test_no_identifier_leaves_the_reader(series: Path) -> None:
    dataset = load(series)
    said = [str((r.id, r.cluster, dict(r.labels), dict(r.meta))) for r in dataset.records]
    said += [f"{p.reason} {p.report_place}" for p in dataset.problems] + [dataset.name, *dataset.rules]
    for secret in ("MRN", "City", "ACC", "9.1", "loop", str(series)):
        assert not any(secret in text for text in said), secret
    assert all(record.labels["site"].startswith("site-") for record in dataset.records if "site" in record.labels)


def test_labels_are_joined_and_contradictions_listed(series: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "AccessionNumber,finding,modality,question,answer\n"
        "ACC1,normal,CT,Is there a fracture?,no\nACC1,normal,,Which organ?,liver\nACC3,Mass,MR,,\nACC9,Mass,,,\n"
    )
    dataset = load(series, LoadOptions(labels=labels, key="AccessionNumber"))
    by_name = {Path(record.image.source).name: record for record in dataset.records}
    assert by_name["1-2.dcm#1"].labels["finding"] == "no finding"
    assert [q["answer"] for q in by_name["1-2.dcm#1"].meta["questions"]] == ["no", "liver"]  # type: ignore[index,union-attr,call-overload]
    assert by_name["loop#3"].labels["modality"] == "MRI"
    assert reasons(dataset, "contradiction") == ["the labels say modality 'MRI', the header 'ultrasound'"]
    assert "the labels match no file" in reasons(dataset, "note")
    assert any("1 of 3 files" in problem.place for problem in dataset.problems)


def test_labels_by_path(series: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("path,finding\nloop,Mass\n")
    dataset = load(series, LoadOptions(labels=labels, key="path"))
    assert [r.labels.get("finding") for r in dataset.records].count("Mass") == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("AccessionNumber,finding\nNONE,Mass\n", "no row matches any of 3 files"),
        ("Accession,finding\n,Mass\n", "row 2: the AccessionNumber is empty"),
        ("AccessionNumber,finding\nACC1,Mass\nACC1,Edema\n", "row 3: finding is 'Edema' here and 'Mass' in row 2"),
        ("finding\nMass\n", "lacks the column 'accessionnumber'"),
    ],
)
def test_labels_that_cannot_be_joined_are_refused(series: Path, tmp_path: Path, body: str, says: str) -> None:
    (tmp_path / "labels.csv").write_text(body)
    with pytest.raises(InputError, match=says):
        load(series, LoadOptions(labels=tmp_path / "labels.csv", key="AccessionNumber"))


def test_what_cannot_be_used_is_listed_and_the_rest_is_read(write_dicom: Write, tmp_path: Path) -> None:
    folder = write_dicom("d/good.dcm", noise(1), Modality="US", PatientID="1").parent
    write_dicom("d/report.dcm", None, Modality="SR")
    write_dicom("d/empty.dcm", None, Modality="CR", Rows=8, Columns=8)
    write_dicom("d/huge.dcm", noise(2), Rows=60_000, Columns=60_000)
    cut = write_dicom("d/cut.dcm", noise(3, 64, 64))
    cut.write_bytes(cut.read_bytes()[:-3000])
    stub = write_dicom("d/stub.dcm", noise(4))
    stub.write_bytes(stub.read_bytes()[:140])
    (folder / "text.dcm").write_text("no DICOM at all")
    PIL.Image.fromarray(noise(5)).save(folder / "logo.png")
    (folder / "readme.txt").write_text("viewer")
    outside = write_dicom("other/x.dcm", noise(6))
    (folder / "link.dcm").symlink_to(outside)
    dataset = load(folder)
    assert [record.labels["modality"] for record in dataset.records] == ["ultrasound"]
    listed = {Path(p.place).stem: p.reason for p in dataset.problems if p.kind == "unusable"}
    assert set(listed) == {"report", "empty", "huge", "cut", "stub", "text", "logo", "link"}
    assert "Modality SR" in listed["report"]
    assert "no pixel data" in listed["empty"]
    assert "60000 x 60000" in listed["huge"]
    assert "not DICOM" in listed["logo"]
    assert "leaves the folder" in listed["link"]
    assert (dataset.n_seen, dataset.n_unusable) == (9, 8)
    assert any(p.place == "1 further files" for p in dataset.problems)


def test_nothing_usable_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "x.dcm").write_text("nothing")
    with pytest.raises(InputError, match=r"none of 1 images is usable .*is not DICOM"):
        load(tmp_path)


def test_one_file_and_a_file_without_preamble(write_dicom: Write, tmp_path: Path) -> None:
    path = write_dicom("one.dcm", noise(1), Modality="US")
    assert len(load(path).records) == 1
    bare = tmp_path / "bare.dcm"
    body = path.read_bytes()
    start = 132 + 12 + int.from_bytes(body[140:144], "little")
    bare.write_bytes(body[start:])
    (record,) = load(bare).records
    assert record.labels["modality"] == "ultrasound"
    assert record.image.sha256 == load(path).records[0].image.sha256


@pytest.mark.parametrize("patient", ["ANONYMOUS", "000", "", "n/a"])
def test_a_placeholder_is_no_patient(write_dicom: Write, patient: str) -> None:
    elements: dict[str, Any] = {"Modality": "DX", "PatientID": patient}
    for n in range(3):
        path = write_dicom(f"d/{n}.dcm", noise(n), StudyInstanceUID=f"1.{n // 2}", **elements)
    dataset = load(path.parent)
    assert len({record.cluster for record in dataset.records}) == 2
    assert not dataset.has_patients
    assert dataset.rules[-1] == "The cluster, the unit that is resampled, is the study."


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
def test_damage_anywhere_gives_a_dataset_or_one_input_error(write_dicom: Write, data: st.DataObject) -> None:
    path = write_dicom(
        "hurt.dcm",
        noise(1),
        Modality="CT",
        WindowWidth=80,
        WindowCenter=40,
        ImagePositionPatient=[1, 2, 3],
        PatientID="1",
    )
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        body[data.draw(st.integers(132, len(body) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(body[: data.draw(st.integers(133, len(body)))])
    try:
        message = load(path).name
    except InputError as error:
        message = str(error)
    assert "\n" not in message


def test_a_value_of_a_wrong_length_is_a_reason_and_no_crash(write_dicom: Write) -> None:
    path = write_dicom("odd.dcm", noise(1))
    body = path.read_bytes()
    place = body.index(b"\x28\x00\x11\x00US\x02\x00")  # Columns, two bytes long
    path.write_bytes(body[: place + 6] + b"\x03" + body[place + 7 :])
    with pytest.raises(InputError, match="none of 1 images"):
        load(path)
