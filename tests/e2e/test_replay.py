"""Answers that exist already: the official rows scored as published and strictly, without a single picture."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EVERY = "top-left, top-right, bottom-left, bottom-right"


def none_of(row: dict[str, Any]) -> str:
    if row["task_type"] == "visual_referring":
        return "no"
    return "E" if row["task_type"].endswith("mcq") else "none"


ANSWERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "gold": lambda row: row["answer"],
    "none": none_of,
    "every": lambda row: EVERY if row["task_type"].endswith("open") else row["answer"],
}


@pytest.fixture
def replayed(medaudit: Any, official: Any, answers: Any) -> Callable[[str], Any]:
    """replayed(kind): a run of MedObvious on answers of that kind."""

    def run(kind: str) -> Any:
        folder, rows = official(40)
        file = answers("a.jsonl", [{"id": row["id"], "answer": ANSWERS[kind](row)} for row in rows])
        return medaudit("run", "--probe", "medobvious", "--data", folder, "--model", f"replay:{file}", "--out", "run")

    return run


def strict(findings: Any, metric: str, **tags: str) -> float:
    (found,) = findings("run", metric=metric, scoring="strict", model="model", comparison="absolute", tags=tags)
    return found["estimate"]


def test_gold_answers_are_perfect(replayed: Any, findings: Any) -> None:
    done = replayed("gold")
    assert strict(findings, "medobvious.sensitivity") == 1
    assert strict(findings, "medobvious.false_alarm_rate") == 0
    assert strict(findings, "medobvious.youden_j") == 1
    assert done.code == 0, done.err
    assert "not assessed" not in done.out or "uniform" in done.out


def test_a_model_that_never_sees_an_outlier_finds_none_and_cries_wolf_never(replayed: Any, findings: Any) -> None:
    done = replayed("none")
    assert strict(findings, "medobvious.sensitivity") == 0
    assert strict(findings, "medobvious.false_alarm_rate") == 0
    assert done.code == 1


def test_naming_every_position_satisfies_the_published_open_scoring_and_not_the_strict_one(
    replayed: Any, findings: Any
) -> None:
    replayed("every")
    for name in ("detection_open", "referring_open"):
        wanted = {"metric": "medobvious.accuracy", "comparison": "absolute", "model": "model"}
        (published,) = findings("run", scoring="published", tags={"format": name}, **wanted)
        (own,) = findings("run", scoring="strict", tags={"format": name}, **wanted)
        if name == "referring_open":
            assert published["estimate"] == 1
        assert own["estimate"] == 0


def test_ids_that_match_nothing_or_are_missing_are_named_and_counted(
    medaudit: Any, official: Any, answers: Any
) -> None:
    folder, rows = official(24)
    given = [{"id": row["id"], "answer": row["answer"]} for row in rows[1:]]
    file = answers("a.jsonl", [*given, {"id": "stranger", "answer": "A"}])
    done = medaudit("run", "--probe", "medobvious", "--data", folder, "--model", f"replay:{file}")
    assert done.code == 3
    assert "1 id of the model's file match no item: stranger" in done.out
    assert "stranger" in done.out
    assert rows[0]["id"] in done.out


def test_a_duplicate_answer_is_an_error_that_names_both_lines(medaudit: Any, official: Any, answers: Any) -> None:
    folder, rows = official(4)
    row = {"id": rows[0]["id"], "answer": "A"}
    done = medaudit(
        "run", "--probe", "medobvious", "--data", folder, "--model", f"replay:{answers('a.jsonl', [row, row])}"
    )
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert "row 2" in done.err


def test_a_policy_that_came_after_the_answers_is_told(
    replayed: Any, medaudit: Any, manifest: Any, tmp_path: Path
) -> None:
    replayed("gold")
    assert fixed(tmp_path / "run") is False, "replayed answers existed before"
    flags = ["run", "--probe", "medobvious", "--data", manifest(48), "--model", "control:random", "--limit", "8"]
    for name, expected in (("first", True), ("first", True), ("second", False)):
        medaudit(*flags, "--cache", "cache", "--out", name)
        assert fixed(tmp_path / name) is expected, name


def fixed(folder: Path) -> object:
    return json.loads((folder / "run.json").read_text())["policy"]["fixed_before_run"]
