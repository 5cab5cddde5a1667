"""The command from end to end, on the packaged contrastive model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit.app.cli import run_command
from audit.app.mitigating.screen import share, signed

pytest.importorskip("torch")
pytest.importorskip("kmedoids")


def test_a_model_is_fine_tuned_written_whole_and_audited_again(
    films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "fixed"
    command = ["mitigate", "--model", "demo:clip-medical", "--data", str(films.with_name("manifest.csv"))]
    command += ["--regions", "quadrant", "--steps", "2", "--batch", "4", "--out", str(out)]
    assert run_command(command) == 0
    shown = capsys.readouterr().out
    if not out.exists():
        assert "No region cluster looks spurious" in shown
        pytest.fail("the model errs with some region cluster of these films")
    record = json.loads((out / "training.json").read_text())
    assert record["schema"] == "medaudit.mitigation/1"
    assert record["classes"] == ["cardiomegaly", "effusion", "no finding", "nodule", "surgical hardware"]
    sizes = record["patients"]
    assert min(sizes.values()) >= 8
    assert sum(record["images"].values()) == 150
    assert len(record["losses"]) == 2
    for side in ("before", "after"):
        told = record[side]
        assert sum(group["images"] for group in told["groups"]) == record["images"]["judge"]
        assert told["accuracy"]["low"] < told["accuracy"]["estimate"] < told["accuracy"]["high"]
    change = record["after"]["accuracy"]["estimate"] - record["before"]["accuracy"]["estimate"]
    assert record["difference"]["accuracy"]["estimate"] == pytest.approx(change, abs=1e-4)
    assert str(films.parent) not in record["command"]  # names of folders can be names of patients
    assert str(tmp_path) not in record["command"]
    assert run_command(command) == 2  # nothing is written over
    assert "something here already" in capsys.readouterr().err
    from audit.core.image import Image
    from audit.data.load import load
    from audit.models.table import open_model

    images: list[Image] = [record.image for record in load(films).records[:2]]
    again = open_model(f"clip:{out}").embed_images(images)  # type: ignore[union-attr]
    assert again.shape == (2, 160)
    assert again != pytest.approx(open_model("demo:clip-medical").embed_images(images), abs=1e-4)  # type: ignore[union-attr]


def test_what_is_no_two_tower_model_is_refused(films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["mitigate", "--model", "features:skimage", "--data", str(films), "--out", str(tmp_path / "made")]
    assert run_command(command) == 2
    assert "has no image and text towers" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_images_that_are_in_both_sets_are_refused(
    films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["mitigate", "--model", "demo:clip-medical", "--data", str(films), "--eval", str(films)]
    assert run_command([*command, "--out", str(tmp_path / "made")]) == 2
    assert "60 images are in --data and in --eval" in capsys.readouterr().err


def test_numbers_in_words() -> None:
    told = {"estimate": 0.5, "low": 0.25, "high": 0.754}
    assert share(told) == "50% (25 to 75)"
    assert signed(told) == "+50 points (+25 to +75)"
    assert share({**told, "low": None}) == "50%"
