"""The command, with few runs: the part of the self-test that CI repeats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit.app.cli import run_command
from audit.app.selftest.cast import Stages
from audit.app.selftest.run import QUICK, SelfTest
from audit.app.selftest.unsteady import CLAIMS
from audit.app.table import PROBES
from audit.core.errors import InputError


@pytest.mark.timeout(900)
def test_a_few_runs_contradict_no_promise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["selftest", "--seed", "1", "--out", str(tmp_path / "out")]) == 0
    shown = capsys.readouterr().out
    data = json.loads((tmp_path / "out" / "selftest.json").read_text())
    rows = data["power"]["rows"]
    assert len(rows) == len(Stages.of_default().parts())
    assert {row["name"].partition(":")[0] for row in rows} >= set(PROBES.builtin)
    assert data["power"]["left_out"] == {}
    missed = [row["name"] for row in rows if row["found"]["hits"] == 0]
    assert len(missed) <= 2  # of twenty flaws found 95 times of 100
    assert data["clean"]["failed"]["hits"] == 0
    assert {name: told["runs"] for name, told in data["unsteady"]["claims"].items()} == dict.fromkeys(CLAIMS, 1)
    assert data["threshold"]["any_pass"]["hits"] == 0
    for row in rows:
        assert f"finds {row['name']} at effect {row['effect']:g}" in shown
    page = (tmp_path / "out" / "selftest.md").read_text()
    assert "## Flaws that must be found" in page
    assert "## Models that disagree with themselves" in page
    assert "## Intervals" in page


def test_a_name_that_is_nothing_is_refused_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["selftest", "--only", "no_such_flaw"]) == 2
    told = capsys.readouterr().err
    assert "no_such_flaw" in told
    assert "shifts: noise_fragile" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("only", "sections"),
    [
        ((), ("power", "clean", "unsteady", "threshold", "coverage")),
        (("coverage",), ("coverage",)),
        (("noise_fragile",), ("power",)),
        (("clean", "noise"), ("clean", "power")),
    ],
)
def test_only(only: tuple[str, ...], sections: tuple[str, ...]) -> None:
    asked = SelfTest(QUICK, only)
    assert asked.sections == sections


def test_flaws_are_named_by_a_part_of_their_names() -> None:
    asked = SelfTest(QUICK, ("medobvious",))
    assert {part.stage for part in asked.parts} == {"medobvious"}
    with pytest.raises(InputError):
        _ = SelfTest(QUICK, ("nothing of the kind",)).parts
