"""The command line: one line per error, and a command that may be shown."""

from __future__ import annotations

import sqlite3

import pytest

from audit.app import cli
from audit.app.cli import build_parser, run_command, told_command


def told(*arguments: str) -> str:
    return told_command(arguments, build_parser().parse_args(list(arguments)))


def test_the_command_that_is_kept_names_no_folder_of_the_user() -> None:
    got = told("run", "--data", "/scans/Doe John", "--data=medobvious=b/Roe.csv", "--out", "doe", "--labels", "Doe.csv")
    assert got == "medaudit run --data [data 1] --data=[data 2] --out [out] --labels [labels]"


def test_a_folder_that_is_given_once_is_named_no_more_than_one_of_several() -> None:
    got = told("mitigate", "--model", "demo:clip", "--data", "Doe/a.csv", "--eval", "Roe/b.csv", "--out", "doe")
    assert got == "medaudit mitigate --model demo:clip --data [data] --eval [eval] --out [out]"


def test_what_is_no_name_of_a_folder_is_kept_as_typed() -> None:
    got = told("run", "--set", "medobvious.sizes=2 3", "--model", "openai:m@http://u:hush@h/v1?api_key=sk-123")
    assert got.startswith("medaudit run --set 'medobvious.sizes=2 3' --model")
    assert "hush" not in got
    assert "sk-123" not in got


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["run", "--nonsense"], ["run", "--limit", "0"]])
def test_a_wrong_flag_is_told_in_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run_command(arguments)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("medaudit: ")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, "No space left on device", "run/x"), "medaudit: run/x: No space left on device (mend that"),
        (sqlite3.OperationalError("database or disk is full"), "medaudit: The answer store cannot be used: database"),
    ],
)
def test_what_the_system_refuses_is_told_in_one_line(
    error: Exception, expected: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_spec: str | None) -> list[str]:
        raise error

    monkeypatch.setattr("audit.app.listing.suites", fails)
    assert cli.run_command(["list", "suites"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(expected)


def test_a_fault_of_ours_never_looks_like_a_failed_gate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "COMMANDS", ("absent",))
    assert cli.run_command(["list", "suites"]) == 2
    assert "a fault of medaudit itself" in capsys.readouterr().err
