"""The run folder: private, locked, whole files, and one run only."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from audit.app.folder import RUN_SCHEMA, open_record, run_folder, write_text
from audit.core.errors import InputError


def record(**changes: object) -> dict[str, object]:
    plain = {
        "schema": RUN_SCHEMA,
        "started": "2026-01-01",
        "seed": 0,
        "plan": {"p": 1},
        "models": {"model": "a"},
        "data": ["d"],
        "options": {},
        "system_prompt": None,
        "policy": {"sha256": "one", "fixed_before_run": True},
    }
    return {**plain, **changes}


def test_the_folder_is_private_and_the_lock_goes(tmp_path: Path) -> None:
    with run_folder(tmp_path / "a" / "run") as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        write_text(folder / "x.txt", "hello")
        assert stat.S_IMODE((folder / "x.txt").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["x.txt"]


def test_a_second_process_is_turned_away(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from audit.app.folder import run_folder
with run_folder(Path({str(tmp_path / "run")!r})):
    pass
"""
    with run_folder(tmp_path / "run"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Another medaudit is at work" in done.stderr


def test_the_lock_of_another_is_left_alone(tmp_path: Path) -> None:
    with run_folder(tmp_path / "run") as folder:
        for _ in range(2):  # a first one turned away must not open the door to a second
            with pytest.raises(InputError, match="Another medaudit"), run_folder(folder):
                pass
        assert (folder / ".lock").exists()


def test_a_folder_of_other_things_is_neither_closed_nor_written_into(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    tmp_path.chmod(0o755)
    with pytest.raises(InputError, match="holds other files"), run_folder(tmp_path):
        pass
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_run_that_was_killed_before_its_record_goes_on(tmp_path: Path) -> None:
    (tmp_path / ".run.json.new").write_text("{")
    with run_folder(tmp_path) as folder:
        assert folder == tmp_path


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("x")
    with pytest.raises(InputError, match="cannot be made"), run_folder(tmp_path / "run"):
        pass


def test_a_file_is_replaced_whole_and_takes_any_text(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_text(path, "one")
    write_text(path, "\udc80 é")
    assert path.read_text("utf-8") == "\\udc80 é"
    assert [file.name for file in tmp_path.iterdir()] == ["x"]


def test_the_same_settings_go_on_and_keep_their_start(tmp_path: Path) -> None:
    open_record(tmp_path, record())
    again = open_record(tmp_path, record(started="2026-02-02"))
    assert again["started"] == "2026-01-01"
    assert again["policy"]["fixed_before_run"] is True


@pytest.mark.parametrize("name", ["seed", "plan", "models", "data", "options", "system_prompt"])
def test_other_settings_are_refused_and_nothing_is_changed(tmp_path: Path, name: str) -> None:
    open_record(tmp_path, record())
    before = (tmp_path / "run.json").read_bytes()
    with pytest.raises(InputError, match="other settings"):
        open_record(tmp_path, record(**{name: "other"}))
    assert (tmp_path / "run.json").read_bytes() == before


def test_a_policy_changed_after_the_start_is_told_for_good(tmp_path: Path) -> None:
    open_record(tmp_path, record())
    changed = open_record(tmp_path, record(policy={"sha256": "two", "fixed_before_run": True}))
    assert changed["policy"] == {"sha256": "two", "fixed_before_run": False}
    again = open_record(tmp_path, record(policy={"sha256": "two", "fixed_before_run": True}))
    assert again["policy"]["fixed_before_run"] is False


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"schema": "medaudit.run/9"})])
def test_a_broken_record_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(InputError, match=r"run\.json"):
        open_record(tmp_path, record())
