"""`medaudit data corrupt`: contact sheets of an image or of a manifest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from audit.app.cli import run_command
from audit.data.phantoms import phantoms, write_phantoms
from probes.shifts.corruptions import corrupt


@pytest.fixture
def film(tmp_path: Path) -> Path:
    record = next(r for r in phantoms(40, 0, 96).records if r.labels["modality"] == "X-ray")
    file = tmp_path / "film.png"
    Picture.fromarray(record.image.pixels).save(file)
    return file


def test_an_image_becomes_a_sheet_of_what_its_modality_meets(film: Path, tmp_path: Path) -> None:
    arguments = ["data", "corrupt", str(film), str(tmp_path / "out"), "--modality", "CR", "--corruption", "jpeg"]
    assert run_command([*arguments, "--corruption", "gamma_up", "--seed", "3"]) == 0
    sheet = np.asarray(Picture.open(tmp_path / "out" / "x-ray.png"))
    pixels = np.asarray(Picture.open(film))
    wanted = corrupt(pixels, "gamma_up", 5, "X-ray", 3)
    shown = np.asarray(Picture.fromarray(wanted).convert("RGB").resize((128, 128), Picture.Resampling.BOX))
    step = 128 + 3
    np.testing.assert_array_equal(sheet[:128, -step:-3], shown)
    assert sheet.shape[0] == 2 * step


def test_a_manifest_becomes_one_sheet_per_modality(tmp_path: Path) -> None:
    write_phantoms(tmp_path / "in", 30, 0, 64)
    arguments = ["data", "corrupt", str(tmp_path / "in"), str(tmp_path / "out"), "--corruption", "pixelate"]
    assert run_command(arguments) == 0
    names = {file.stem for file in (tmp_path / "out").iterdir()}
    assert {"x-ray", "ct", "mri", "ultrasound"} <= names


def test_a_labelled_image_stands_for_its_modality_before_one_without_a_label(film: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    Picture.fromarray(np.full((64, 64), 7, np.uint8)).save(folder / "unknown.png")
    Picture.open(film).save(folder / "film.png")
    (folder / "manifest.csv").write_text("path,modality,anatomy,view,finding\nunknown.png,,,,\nfilm.png,X-ray,,,\n")
    arguments = ["data", "corrupt", str(folder / "manifest.csv"), str(tmp_path / "out"), "--modality", "X-ray"]
    assert run_command([*arguments, "--corruption", "jpeg"]) == 0
    clean = np.asarray(Picture.open(tmp_path / "out" / "x-ray.png"))[:128, 216:344]
    assert len(np.unique(clean)) > 30


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "the image has no modality"),
        (["--modality", "CT", "--corruption", "fog"], "Unknown corruption 'fog'"),
        (["--modality", "CT", "--corruption", "mri_spikes"], "None of these corruptions occurs in 'CT'"),
        (["--modality", "CT", "--seed", "-1"], "a seed of 0 or more"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_one_line(
    film: Path, tmp_path: Path, flags: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["data", "corrupt", str(film), str(tmp_path / "out"), *flags]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert message in lines[0]
    assert not (tmp_path / "out").exists()
