"""Real transformers models on real images, here and behind a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SMALL = ["--set", "medobvious.panel=56", "--set", "medobvious.variants=grid", "--fail-on", "never"]


def test_real_images_from_a_manifest_and_a_real_checkpoint(
    medaudit: Any, findings: Any, tiny_checkpoint: Any, shared_data: Path, tmp_path: Path
) -> None:
    """A random checkpoint scores at chance: what is tested is that real images reach it and every answer is judged."""
    flags = ["--data", shared_data / "real" / "manifest.csv", "--model", f"hf:{tiny_checkpoint('llava')}", *SMALL]
    base = ["--base", f"hf:{tiny_checkpoint('gemma3')}", "--set", "medobvious.prompts=published"]
    done = medaudit("run", "--probe", "medobvious", *flags, *base, "--limit", "12", "--out", "run")
    assert done.code == 0, done.err
    assert "0 errors" in done.out
    wanted = {"metric": "medobvious.sensitivity", "scoring": "strict", "tags": {}}
    (found,) = findings("run", model="model", comparison="absolute", **wanted)
    assert found["n_items"] > 0
    assert found["n_clusters"] > 0
    assert found["ci_low"] <= found["estimate"] <= found["ci_high"]
    assert findings("run", comparison="vs_base", **wanted)
    assert (tmp_path / "run" / "report.html").stat().st_size > 10_000


def test_real_dicom_files_and_those_that_cannot_be_used(
    medaudit: Any, tiny_checkpoint: Any, shared_data: Path, tmp_path: Path
) -> None:
    flags = ["--data", shared_data / "real" / "dicom", "--model", f"hf:{tiny_checkpoint('qwen2_5_vl')}", *SMALL]
    done = medaudit("run", "--probe", "medobvious", *flags, "--out", "run")
    assert done.code == 0, done.err
    html = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "has no pixel data" in html
    assert "0_ORIGINAL_no_pixels" not in html, "file names of the user stay out of the report"


@pytest.mark.slow
def test_a_server_is_audited_over_http(
    medaudit: Any, findings: Any, served: str, manifest: Any, tmp_path: Path
) -> None:
    flags = ["--probe", "medobvious", "--data", manifest(48), "--model", served, "--limit", "8", *SMALL]
    done = medaudit("run", *flags, "--out", "run")
    assert done.code == 0, done.err
    assert "0 errors" in done.out
    assert findings("run", metric="medobvious.sensitivity", scoring="strict", tags={})
    again = medaudit("run", *flags, "--out", "run")
    assert "0 calls made" in again.out


def test_a_server_that_misbehaves(medaudit: Any, manifest: Any, fake_server: Any) -> None:
    """429 and 500 are asked again, garbage is an error that leaves the run incomplete, a rejected field stops it."""
    serving, reply, completion = fake_server.serving, fake_server.reply, fake_server.completion
    flags = ["run", "--probe", "medobvious", "--data", manifest(48), "--limit", "4", *SMALL[:4]]
    with serving() as server:
        bad = {1: reply({"error": "slow down"}, 429, Retry_After="0"), 2: reply({"error": "oops"}, 500)}
        server.script = lambda body, number: bad.get(number, reply(completion("A")))
        done = medaudit(*flags, "--model", server.spec("attempts=3"), "--out", "one")
        assert "0 errors" in done.out, done.err
        assert done.code in (0, 1)
    with serving() as server:
        server.script = lambda body, number: reply(b"<html>garbage</html>")
        done = medaudit(*flags, "--model", server.spec("attempts=1"), "--out", "two")
        assert done.code == 3, (done.out, done.err)
    with serving() as server:
        server.script = lambda body, number: reply({"error": {"message": "Unsupported parameter: temperature"}}, 400)
        done = medaudit(*flags, "--model", server.spec(), "--out", "three")
        assert done.code == 2
        assert len(done.err.strip().splitlines()) == 1
        assert "omit=temperature" in done.err


def test_a_server_that_changes_under_a_run_is_noticed(medaudit: Any, manifest: Any, fake_server: Any) -> None:
    serving, reply, completion = fake_server.serving, fake_server.reply, fake_server.completion
    flags = ["run", "--probe", "medobvious", "--data", manifest(48), "--limit", "4", *SMALL[:4], "--out", "run"]
    with serving() as server:
        server.script = lambda body, number: reply(completion("A")) if number < 12 else reply(b"garbage")
        spec = server.spec("attempts=1&concurrency=1")
        assert medaudit(*flags, "--model", spec).code == 3
        server.script = lambda body, number: reply(completion("B"))
        done = medaudit(*flags, "--model", spec)
        assert done.code == 2
        assert "changed since this run was begun" in done.err
