"""Names of patients stay out of everything that a run writes, wherever they stand: headers, folders, the command."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PRIVATE = (b"Zebedee", b"ZEBEDEE", b"MRN7700", b"ACC8800", b"Wobble", b"19331122")
FLAGS = ["--probe", "medobvious", "--model", "control:random", "--fail-on", "never", "--limit", "20"]


@pytest.fixture
def named_dicom(tmp_path: Path) -> Path:
    """A DICOM folder, files and headers that all name the patient; one file is broken."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian, generate_uid

    folder = tmp_path / "Zebedee Horatio"
    for i in range(60):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
        meta.MediaStorageSOPInstanceUID = generate_uid()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        path = folder / f"Zebedee {i}" / f"MRN7700{i}.dcm"
        path.parent.mkdir(parents=True)
        data = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
        data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        data.StudyInstanceUID, data.SeriesInstanceUID = generate_uid(), generate_uid()
        data.PatientName, data.PatientID, data.AccessionNumber = f"ZEBEDEE^{i}", f"MRN7700{i}", f"ACC8800{i}"
        data.PatientBirthDate, data.InstitutionName = "19331122", "Wobble Hospital"
        data.Modality, data.BodyPartExamined = (
            ("CR", "MR", "US", "CR")[i % 4],
            ("CHEST", "BRAIN", "ABDOMEN", "HAND")[i % 4],
        )
        data.Rows = data.Columns = 16
        data.BitsAllocated = data.BitsStored = 8
        data.HighBit, data.PixelRepresentation, data.SamplesPerPixel = 7, 0, 1
        data.PhotometricInterpretation = "MONOCHROME2"
        data.PixelData = np.random.default_rng(i).integers(0, 256, (16, 16), dtype=np.uint8).tobytes()
        data.save_as(path)
    path.write_bytes(path.read_bytes()[:300])
    return folder


def test_no_file_of_a_run_names_the_patient(medaudit: Any, named_dicom: Path, tmp_path: Path) -> None:
    for number, data in enumerate((named_dicom, named_dicom.name)):  # an absolute path and a relative one
        out = tmp_path / f"run{number}"
        done = medaudit("run", *FLAGS, "--data", data, "--out", out)
        assert done.code == 0, done.err
        files = sorted(out.iterdir())
        assert {"report.html", "findings.json", "digest.json", "run.json", "observations.parquet"} <= {
            f.name for f in files
        }
        for file in files:
            content = file.read_bytes()
            assert not [word for word in PRIVATE if word in content], file.name
            assert bytes(tmp_path) not in content, file.name
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_a_reader_that_leaves_early_does_not_change_the_verdict(manifest: Any, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "medaudit", "run", "--data", str(manifest(24)), *FLAGS, "--out", "run"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait(60) == 0
    assert (tmp_path / "run" / "report.html").exists()


def test_data_bound_to_a_probe_that_is_not_asked_for(medaudit: Any, manifest: Any) -> None:
    done = medaudit("run", *FLAGS, "--data", f"phi={manifest(4)}")
    assert (done.code, done.out) == (2, "")
    assert "bound to 'phi'" in done.err
