"""The command: a quick run, twice the same, and going on where it stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from audit.app.benching.config import BenchConfig, quick, resized
from audit.app.benching.run import bench
from audit.app.cli import run_command
from audit.core.errors import InputError

pytest.importorskip("torch")
pytest.importorskip("sklearn")


@pytest.mark.timeout(900)
def test_a_quick_run_finds_the_square_and_goes_on_where_it_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["bench", "spurious", "--quick", "--mitigate", "--stage", "digits", "--settings", "2", "--clean", "2"]
    command += ["--out", str(tmp_path)]
    assert run_command(command) == 0
    shown = capsys.readouterr().out
    assert "| digits | square | 0.99 |" in shown
    made = json.loads((tmp_path / "spurious-bench.json").read_text())
    kinds = [row["kind"] for row in made["rows"]]
    assert kinds == ["sweep"] * 2 + ["clean"] * 2 + ["mitigate"] * 2
    sweep = [row for row in made["rows"] if row["kind"] == "sweep"]
    assert all(row["counts"] == (row["learned"]["rise"] >= 0.2) for row in sweep)
    learned = [row["methods"]["published"]["precision_at_10"] for row in sweep if row["counts"]]
    assert learned  # at V = .99 one of two models takes the square at least, whatever the machine's last digits
    assert max(learned) >= 0.9
    for row in made["rows"][4:]:  # what the terms of regions do takes larger sizes to show (docs/spurious-bench.md)
        if row["counts"] and row["found"]:
            assert row["after"] != row["before"]
            assert all(0 <= row[when]["accuracy"] <= 1 for when in ("before", "after"))
    assert any("after" in row for row in made["rows"][4:])
    rows = tmp_path / "rows.jsonl"
    whole = rows.read_text()
    rows.write_text(whole[: whole.rindex("{") + 20])  # killed while it wrote
    assert run_command(command) == 0
    again = json.loads((tmp_path / "spurious-bench.json").read_text())
    assert again["rows"] == made["rows"]


def test_a_phantom_setting_is_played_and_twice_the_same() -> None:
    config = replace(quick(BenchConfig(stages=("phantoms",))), settings=1, clean=1)
    config = replace(config, phantoms=replace(config.phantoms, pretrain_epochs=1, finetune_epochs=1, drawn=60))
    one, other = bench(config), bench(config)
    assert one["rows"] == other["rows"]
    assert len(one["rows"]) == 4  # three features, and a clean one
    assert bench(replace(config, seed=1))["rows"] != one["rows"]


def test_rows_of_other_sizes_are_not_mixed(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps({"schema": "medaudit.bench.spurious/1", "key": "other"}) + "\n")
    with pytest.raises(InputError, match="other sizes or another seed"):
        bench(quick(BenchConfig(stages=("digits",), out=tmp_path)))


@pytest.mark.parametrize(
    ("wish", "told"),
    [({"stages": ("letters",)}, "Unknown stage 'letters'"), ({"vs": (1.5,)}, "Cramer's V above 0"),
     ({"counts": {"clean": -1}}, "from 0 up")],
)  # fmt: skip
def test_impossible_wishes_are_refused(wish: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        resized(BenchConfig(), **wish)  # type: ignore[arg-type]


def test_published_sizes_are_kept_as_an_option() -> None:
    sizes = resized(BenchConfig(), preset="published", digits={"finetune_epochs": 1}).digits
    assert (sizes.pretrain, sizes.finetune, sizes.evaluate, sizes.finetune_epochs) == (40_000, 10_000, 2000, 1)
