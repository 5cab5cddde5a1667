"""`kill -9` at any moment, and the same command finishes with identical results; nothing stored is asked twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

MODEL = """
import time


def factory(log):
    def answer(text, images):
        with open(log, "a") as stream:
            stream.write("x\\n")
        time.sleep(0.01)
        return "ABCDE"[len(text) % 5]

    return answer
"""


def test_a_killed_run_goes_on_to_the_same_findings(medaudit: Any, manifest: Any, tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(MODEL)
    log = tmp_path / "log"
    flags = ["run", "--probe", "medobvious", "--data", str(manifest(48)), "--set", "medobvious.panel=32"]
    flags += ["--limit", "60", "--fail-on", "never", "--model", f"python:slow:factory?log={log}"]
    kills = 0
    for wait in (0.2, 0.5):
        process = subprocess.Popen([sys.executable, "-m", "medaudit", *flags, "--out", "run"], cwd=tmp_path)
        begun = len(log.read_text()) if log.exists() else 0
        deadline = time.monotonic() + 60
        while (not log.exists() or len(log.read_text()) == begun) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(wait)
        kills += process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert kills == 2, "the run was over before it could be killed"
    done = medaudit(*flags, "--out", "run")
    assert done.code == 0, done.err
    asked = len(log.read_text().split())
    log.unlink()
    whole = medaudit(*flags, "--out", "whole")
    assert whole.code == 0, whole.err
    assert asked <= len(log.read_text().split()) + kills
    one, two = ((tmp_path / name / "findings.json").read_text() for name in ("run", "whole"))
    assert one[one.index('"findings"') : one.index('"run"')] == two[two.index('"findings"') : two.index('"run"')]
    left = {path.name for path in (tmp_path / "run").iterdir()}
    assert left == {"answers.sqlite", "digest.json", "findings.json", "observations.parquet", "report.html", "run.json"}
