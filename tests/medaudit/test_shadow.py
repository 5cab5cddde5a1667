"""A user's own `audit.py` or `reports/` beside them fails at once, and names that file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def try_import(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import medaudit"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["audit.py", "probes.py", "reports/__init__.py"])
def test_a_shadowing_file_is_named(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("x = 1\n")
    done = try_import(tmp_path)
    assert done.returncode != 0
    assert str(file) in done.stderr.splitlines()[-1]
    assert "rename" in done.stderr.splitlines()[-1]
