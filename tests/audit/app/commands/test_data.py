"""`medaudit data phi-documents` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit.app.cli import run_command


def test_documents_are_written_as_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    asked = ["--n", "2", "--seed", "4", "--layout", "referral", "--dpi", "60", "--rotation", "0", "--noise", "0"]
    assert run_command(["data", "phi-documents", str(out), *asked, "--swap-columns", "--dicom"]) == 0
    assert "2 documents in" in capsys.readouterr().out
    rows = [json.loads(line) for line in (out / "annotations.jsonl").read_text(encoding="utf-8").splitlines()]
    told = {(r["layout"], r["seed"], r["dpi"], r["rotation"], r["noise"], r["swapped"]) for r in rows}
    assert told == {("referral", 4, 60, 0.0, 0.0, True)}
    assert len(list((out / "dicom").glob("*.dcm"))) == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--layout", "invoice"], "There is no layout 'invoice'"),
        (["--dpi", "20"], "dpi to be 50 to 300"),
        (["--seed", "-1"], "seed"),
    ],
)
def test_what_cannot_be_made_is_one_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    assert run_command(["data", "phi-documents", str(tmp_path / "out"), *more]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert run_command(["data", "phi-documents", str(tmp_path), "--n", "1"]) == 2
    assert "exists and is not empty" in capsys.readouterr().err


def test_headers_are_listed_without_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "made"
    assert run_command(["data", "phi-documents", str(made), "--n", "2", "--dpi", "60", "--dicom"]) == 0
    table = tmp_path / "headers.json"
    capsys.readouterr()
    assert run_command(["data", "phi-headers", str(made / "dicom"), "--out", str(table)]) == 0
    screen = capsys.readouterr().out
    assert "2 of 2 files read" in screen
    assert "PatientName" in screen
    told = json.loads(table.read_text(encoding="utf-8"))
    assert told["schema"] == "medaudit.dicom_headers/1"
    assert [file["file"] for file in told["files"]] == ["file 1", "file 2"]
    assert {row["value"] for row in told["rows"] if row["attribute"] == "PatientName"} == {"[NAME 2]", "[NAME 4]"}
    assert table.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--out", "table.xlsx"], "ends in .csv or .json"),
        (["--reader", "control:random"], "gives no boxes of printed text"),
        (["--reader", "ocr:none"], "Unknown OCR program 'none'"),
    ],
)
def test_headers_with_wrong_options_are_one_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    assert run_command(["data", "phi-headers", str(tmp_path), *more]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
