"""Any path is known for what it is, and the real data give the counts that were looked up by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.data.load import load
from audit.data.options import LoadOptions


def test_unknown_data_say_what_is_accepted(tmp_path: Path, write_picture: Callable[[str, int], Path]) -> None:
    write_picture("pictures/a.png", 1)
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "pictures", tmp_path / "notes.txt", tmp_path / "empty", tmp_path / "none", Path("a\0b")):
        with pytest.raises(InputError) as caught:
            load(path)
        assert "\n" not in str(caught.value)
        assert "manifest" in str(caught.value) or "\\x00" in str(caught.value)


def test_a_folder_with_a_manifest_is_that_manifest(tmp_path: Path, write_picture: Callable[[str, int], Path]) -> None:
    write_picture("a.png", 1)
    (tmp_path / "manifest.csv").write_text("path,modality,anatomy,view,finding\na.png,CT,,,\n")
    assert load(tmp_path).records == load(tmp_path / "manifest.csv").records
    assert load(tmp_path, LoadOptions(name="ours")).name == "ours"


@pytest.fixture(scope="module")
def manifest(shared_data: Path) -> Dataset:
    return load(shared_data / "real" / "manifest.csv")


@pytest.fixture(scope="module")
def dicom(shared_data: Path) -> Dataset:
    return load(shared_data / "real" / "dicom")


def test_the_real_manifest(manifest: Dataset) -> None:
    assert (manifest.n_seen, len(manifest.records), manifest.n_unusable) == (710, 707, 1)
    kinds = Counter(problem.kind for problem in manifest.problems)
    assert (kinds["duplicate"], kinds["contradiction"]) == (2, 1)
    modalities = Counter(record.labels.get("modality") for record in manifest.records)
    assert modalities["X-ray"] == 287 + 4 - 1
    assert modalities["ultrasound"] == 44 + 8
    assert modalities["MRI"] == 45 + 3
    assert modalities[None] == 63 + 11 + 1, "ambiguous, empty, and the CT that is a radiograph"
    assert Counter(record.labels.get("finding") for record in manifest.records)["no finding"] == 42 + 1
    (ambiguous,) = (p for p in manifest.problems if "CT or MRI" in p.reason)
    assert ambiguous.report_place.startswith("63 rows")
    assert len({record.id for record in manifest.records}) == 707


def test_the_real_dicom_folder(dicom: Dataset) -> None:
    assert (dicom.n_seen, len(dicom.records), dicom.n_unusable) == (24, 19, 3)
    unusable = {Path(p.place).name: p.reason for p in dicom.problems if p.kind == "unusable"}
    assert set(unusable) == {"0_ORIGINAL_no_pixels.dcm", "1_ORIGINAL.png", "3_ORIGINAL.png"}
    assert "no pixel data" in unusable["0_ORIGINAL_no_pixels.dcm"]
    copies = {Path(p.place).name for p in dicom.problems if p.kind == "duplicate"}
    assert copies == {"ctbrain2.dcm", "CT_small.dcm"}
    (doubt,) = (p for p in dicom.problems if p.kind == "contradiction")
    assert doubt.place.endswith("presidio/2_ORIGINAL.dcm")
    assert "the header says CT" in doubt.reason
    modalities = Counter(record.labels.get("modality") for record in dicom.records)
    assert modalities == {"ultrasound": 8, "CT": 3, "X-ray": 3, "MRI": 3, "PET": 1, None: 1}


def test_no_real_identifier_is_told(dicom: Dataset) -> None:
    said = str([(r.id, r.cluster, dict(r.labels), dict(r.meta)) for r in dicom.records])
    said += str([(p.reason, p.report_place) for p in dicom.problems])
    for secret in ("7255997752", "CLEVELAND", "Cleveland", "BAPTIST", "KAUFMAN", "Kaufman", "104111149", "AKH"):
        assert secret not in said


def test_pixels_are_equal_each_time_and_hashed_at_load(dicom: Dataset) -> None:
    for record in dicom.records:
        fresh = type(record.image).of(record.image.pixels)
        assert fresh.sha256 == record.image.sha256
        assert record.image.pixels.dtype.itemsize == 1
