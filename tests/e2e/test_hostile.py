"""Broken and hostile input: exit code 2 with one clear line, or an unusable item that is counted."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

HEADER = "path,modality,anatomy,view,finding\n"


def one_line(done: Any, *told: str) -> None:
    assert done.code == 2, (done.out, done.err)
    lines = done.err.strip().splitlines()
    assert len(lines) == 1, done.err
    assert lines[0].startswith("medaudit: ")
    for text in told:
        assert text in lines[0]


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--probe", "nonsense"], "Unknown probe 'nonsense'"),
        (["--suite", "nonsense"], "Unknown suite 'nonsense'"),
        (["--model", "nonsense"], "Expected a model"),
        (["--model", "nonsense:x"], "Unknown model adapter"),
        (["--model", "hf:/no/such/checkpoint"], "/no/such/checkpoint"),
        (["--model", "replay:absent.jsonl"], "absent.jsonl"),
        (["--model", "control:oracle", "--policy", "absent.yaml"], "absent.yaml"),
        (["--model", "control:oracle", "--data", "absent.csv"], "absent.csv"),
        (["--model", "control:oracle", "--set", "medobvious.n_grids=many"], "n_grids"),
        (["--model", "control:oracle", "--set", "phi.x=1", "--probe", "medobvious"], "'phi'"),
        (["--model", "control:oracle", "--system-prompt", "absent.txt"], "absent.txt"),
    ],
)
def test_what_is_not_there_is_named(medaudit: Any, flags: list[str], told: str) -> None:
    one_line(medaudit("run", *flags), told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"path,modality\nx.png,CT\n", "anatomy"),
        (HEADER.encode() + b"\xff\xfe\x00,CT,,,\n", "UTF-8"),
        (HEADER.encode() + b"../../etc/passwd,CT,,,\n", "row 2"),
        (HEADER.encode() + b"/etc/passwd,CT,,,\n", "row 2"),
    ],
)
def test_a_manifest_that_cannot_be_used(medaudit: Any, tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "m.csv").write_bytes(content)
    one_line(medaudit("run", "--probe", "medobvious", "--model", "control:oracle", "--data", "m.csv"), "m.csv", told)


def png_bomb() -> bytes:
    """The header of a PNG of 60,000 x 60,000 pixels, with a few bytes of data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def test_unusable_images_are_counted_and_the_audit_goes_on(medaudit: Any, manifest: Any, tmp_path: Path) -> None:
    path = manifest(48)
    whole = (tmp_path / "images" / "0.png").read_bytes()
    (tmp_path / "images" / "0.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "images" / "1.png").write_bytes(png_bomb())
    (tmp_path / "images" / "2.png").unlink()
    done = medaudit("run", "--probe", "medobvious", "--model", "control:oracle", "--data", path, "--dry-run")
    assert done.code == 0, done.err
    assert "45 usable of 48 seen" in done.out
    assert "unusable: 3" in done.out
    for name in ("0.png", "1.png", "2.png"):
        assert name in done.out


def test_too_many_unusable_images_stop_it(medaudit: Any, manifest: Any, tmp_path: Path) -> None:
    path = manifest(12)
    for i in range(6):
        (tmp_path / "images" / f"{i}.png").write_bytes(b"broken")
    done = medaudit("run", "--probe", "medobvious", "--model", "control:oracle", "--data", path)
    one_line(done, "6 of 12", "max_unusable_share")


def test_a_truncated_dicom_file_is_listed(medaudit: Any, tmp_path: Path, shared_data: Path) -> None:
    folder = tmp_path / "dicom"
    folder.mkdir()
    source = shared_data / "real" / "dicom" / "pydicom"
    for name in ("MR_small.dcm", "CT_small.dcm", "examples_palette.dcm", "examples_rgb_color.dcm"):
        (folder / name).write_bytes((source / name).read_bytes())
    cut = (source / "examples_ybr_color.dcm").read_bytes()
    (folder / "cut.dcm").write_bytes(cut[: len(cut) // 3])
    done = medaudit("run", "--probe", "medobvious", "--model", "control:oracle", "--data", folder, "--dry-run")
    assert done.code == 0, done.err
    assert "4 usable of 5 seen" in done.out
    assert "cut.dcm" in done.out


def test_hostile_model_output_is_inert_in_the_report(
    medaudit: Any, official: Any, answers: Any, tmp_path: Path
) -> None:
    folder, rows = official(24)
    hostile = ["<script>alert(1)</script>", "x" * 1_000_000, "\u202e\x00\ud800", "<img src=x onerror=alert(1)>"]
    file = answers("a.jsonl", [{"id": row["id"], "answer": hostile[i % 4]} for i, row in enumerate(rows)])
    done = medaudit("run", "--probe", "medobvious", "--data", folder, "--model", f"replay:{file}", "--out", "run")
    assert done.code == 1, done.err
    html = (tmp_path / "run" / "report.html").read_text()
    assert "<script>alert(1)" not in html
    assert "<img src=x" not in html
    assert len(html) < 10_000_000


def test_a_folder_of_another_run_is_refused(medaudit: Any, official: Any) -> None:
    folder, _ = official(4)
    flags = [
        "--probe",
        "medobvious",
        "--data",
        folder,
        "--model",
        "control:oracle",
        "--out",
        "run",
        "--fail-on",
        "never",
    ]
    assert medaudit("run", *flags).code == 0
    one_line(medaudit("run", *flags, "--seed", "1"), "other settings")


def test_user_images_are_not_sent_to_a_public_host(medaudit: Any, manifest: Any) -> None:
    flags = ["--probe", "medobvious", "--data", manifest(24), "--model", "openai:m@https://models.example.com/v1"]
    one_line(medaudit("run", *flags), "models.example.com", "--allow-host")
