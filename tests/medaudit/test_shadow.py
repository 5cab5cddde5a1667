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


@pytest.mark.parametrize("script", [False, True])
def test_the_command_says_so_in_one_line(tmp_path: Path, script: bool) -> None:
    (tmp_path / "audit.py").write_text("x = 1\n")
    command = [sys.executable, "-m", "medaudit", "--help"]
    if script:
        start = tmp_path / "medaudit"
        start.write_text("import sys\nsys.path.insert(0, '')\nfrom medaudit.__main__ import main\nsys.exit(main())\n")
        command = [sys.executable, str(start), "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert str(tmp_path / "audit.py") in done.stderr
