"""`medaudit compare` as a user has it: files in, findings and a report out, and clear words for what cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

LESIONS = ("Melanoma", "Melanocytic nevi", "Dermatofibroma")


def rows(seed: int, n: int = 120, miss: float = 0.3, **more: Any) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        target = i % 3
        said = (target + 1) % 3 if rng.random() < miss else target
        made.append({"id": f"q{i}", "answer": f"This is {LESIONS[said]}.", "target": LESIONS[target],
                     "options": list(LESIONS), **more})  # fmt: skip
    return made


@pytest.fixture
def compared(medaudit: Any, answers: Any) -> Any:
    """compared(model rows, base rows, *flags): the finished command; its folder is `out`."""

    def call(model: list[dict[str, Any]], base: list[dict[str, Any]], *flags: str) -> Any:
        files = [f"replay:{answers(f'{name}.jsonl', given)}" for name, given in (("m", model), ("b", base))]
        return medaudit("compare", "--model", files[0], "--base", files[1], "--out", "out", *flags)

    return call


def right(given: list[dict[str, Any]]) -> np.ndarray:
    return np.array([row["answer"] == f"This is {row['target']}." for row in given])


def accuracy(findings: Any, comparison: str, *, tags: dict[str, str] | None = None, **wanted: str) -> Any:
    """Findings of `out` about strict accuracy."""
    claim = {"metric": "comparison.accuracy", "scoring": "strict", "comparison": comparison, **wanted}
    return findings("out", tags=tags or {}, **claim)


def test_two_files_give_findings_in_the_known_schema_and_a_report(compared: Any, findings: Any, tmp_path: Path) -> None:
    model, base = rows(1, miss=0.2), rows(2, miss=0.4)
    done = compared(model, base)
    assert done.code == 0, done.err
    data = json.loads((tmp_path / "out" / "findings.json").read_text())
    assert data["schema"] == "medaudit.findings/1"
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000
    (difference,) = accuracy(findings, "vs_base")
    assert difference["estimate"] == pytest.approx(right(model).mean() - right(base).mean())
    better, worse = (right(model) & ~right(base)).sum(), (~right(model) & right(base)).sum()
    assert difference["p"] == pytest.approx(binomtest(int(better), int(better + worse)).pvalue), "exact McNemar"
    for metric in ("macro_f1", "balanced_accuracy", "parse_rate"):
        for role in ("model", "base"):
            (one,) = findings("out", metric=f"comparison.{metric}", comparison="absolute", model=role, tags={})
            assert one["ci_low"] is not None, metric
    assert "forgotten, for example: q" in done.out
    assert "only the base model right" in done.out


def test_the_same_command_gives_the_same_numbers_and_another_seed_others(compared: Any, tmp_path: Path) -> None:
    given = rows(1, miss=0.2), rows(2, miss=0.4)
    seen = []
    for _ in range(2):
        compared(*given)
        seen.append((tmp_path / "out" / "findings.json").read_text())
    lists = [json.loads(text)["findings"] for text in seen]
    assert lists[0] == lists[1]
    refused = compared(*given, "--seed", "7")
    assert refused.code == 2
    assert "other settings" in refused.err


def test_ids_that_do_not_match_are_named_counted_and_keep_it_incomplete(compared: Any, findings: Any) -> None:
    done = compared(rows(1)[3:], rows(2)[:-2])
    assert done.code == 3
    assert "2 ids (q118, q119) of the model's file have no answer of the base" in done.out
    assert "3 ids (q0, q1, q2) of the base's file have no answer of the model" in done.out
    (difference,) = accuracy(findings, "vs_base")
    assert difference["n_items"] == 115
    assert difference["tags"]["items_unpaired"] == "5"
    assert "5 items were answered on one side only" in difference["plain_words"]


def test_an_error_row_is_missing_data_and_no_wrong_answer(compared: Any, findings: Any) -> None:
    model = rows(1, miss=0.0)
    model[5] |= {"answer": "", "status": "error"}
    done = compared(model, rows(2))
    assert done.code == 3
    (own,) = findings(
        "out", metric="comparison.accuracy", scoring="strict", comparison="absolute", model="model", tags={}
    )
    assert (own["estimate"], own["n_items"]) == (1.0, 119)


def test_prose_that_names_no_option_is_unread_and_the_published_score_stands_beside(
    compared: Any, findings: Any
) -> None:
    base = rows(2)
    for row in base[:30]:
        row["answer"] = "It could be melanoma, melanocytic nevi or dermatofibroma."
    compared(rows(1), base)
    wanted = {"metric": "comparison.accuracy", "comparison": "absolute", "model": "base", "tags": {}}
    (strict,), (published,) = (findings("out", scoring=scoring, **wanted) for scoring in ("strict", "published"))
    assert strict["n_unjudged"] == 30
    assert float(strict["tags"]["bound_best"]) == pytest.approx(strict["estimate"] + 0.25, abs=1e-4)
    assert published["estimate"] == pytest.approx(strict["estimate"] + 0.25)
    (parsed,) = findings("out", metric="comparison.parse_rate", comparison="absolute", model="base", tags={})
    assert parsed["estimate"] == 0.75


def test_clusters_are_resampled_and_not_rows(compared: Any, findings: Any) -> None:
    together = [[{**row, "cluster": f"p{i // 4}"} for i, row in enumerate(rows(seed))] for seed in (1, 2)]
    compared(*together)
    (difference,) = accuracy(findings, "vs_base")
    assert difference["n_clusters"] == 30
    assert "sign-flip" in difference["plain_words"]


def test_several_pairs_in_a_file(medaudit: Any, answers: Any, findings: Any, tmp_path: Path) -> None:
    cells = []
    for pair, name, miss in (("large", "one", 0.1), ("large", "two", 0.4), ("small", "one", 0.9)):
        model = answers(f"{pair}-{name}-m.jsonl", rows(3, miss=miss))
        base = answers(f"{pair}-{name}-b.jsonl", rows(4, miss=0.4))
        cells.append({"pair": pair, "name": name, "model": f"replay:{model.name}", "base": f"replay:{base.name}"})
    (tmp_path / "pairs.yaml").write_text(json.dumps(cells))
    done = medaudit("compare", "--pairs", "pairs.yaml", "--metric", "accuracy", "--out", "out")
    assert done.code == 0, done.err
    rates = {}
    for over in ("cells", "pairs"):
        for outcome in ("win", "tie", "loss"):
            tags = {"metric": "accuracy", "over": over}
            (rate,) = findings("out", metric=f"comparison.{outcome}_rate", tags=tags)
            rates[over, outcome] = rate["estimate"]
    assert [rates["cells", outcome] for outcome in ("win", "tie", "loss")] == pytest.approx([1 / 3] * 3)
    assert [rates["pairs", outcome] for outcome in ("win", "tie", "loss")] == pytest.approx([0.25, 0.25, 0.5])
    tags = {"data": "one", "less": "two", "pair": "large"}
    (did,) = findings("out", metric="comparison.accuracy", scoring="strict", comparison="did", tags=tags)
    (one,), (two,) = (accuracy(findings, "vs_base", tags={"data": name, "pair": "large"}) for name in ("one", "two"))
    assert did["estimate"] == pytest.approx(one["estimate"] - two["estimate"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--model", "replay:none.jsonl", "--base", "replay:none.jsonl"], "No such file of answers"),
        (["--model", "replay:m.jsonl"], "Expected --model and --base"),
        (["--model", "demo:medical", "--base", "demo:base"], "Without --data only answers that exist"),
        (["--model", "replay:m.jsonl", "--base", "replay:m.jsonl", "--pairs", "p.yaml"], "not both"),
        (["--pairs", "absent.yaml"], "absent.yaml: The file cannot be read"),
        (["--model", "replay:bad.jsonl", "--base", "replay:m.jsonl"], "bad.jsonl, row 1"),
        (["--model", "replay:m.jsonl", "--base", "replay:m.jsonl", "--metric", "magic"], "invalid choice"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(medaudit: Any, answers: Any, arguments: list[str], said: str) -> None:
    answers("m.jsonl", rows(1))
    answers("bad.jsonl", [{"id": "q1", "answer": "x", "nonsense": 1}])
    done = medaudit("compare", *arguments, "--out", "out")
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert said in done.err


def test_models_are_asked_on_data_and_only_the_comparison_decides(medaudit: Any, manifest: Any, findings: Any) -> None:
    models = ["--model", "control:random", "--base", "control:oracle"]
    done = medaudit("compare", *models, "--data", manifest(48), "--out", "out")
    assert done.code == 0, done.err
    tags = {"probe": "shifts"}
    (difference,) = findings("out", metric="comparison.accuracy", comparison="vs_base", tags=tags)
    assert difference["tags"]["outcome"] == "loss"
    assert difference["equivalence"] == "inferior"
    assert not findings("out", role="primary")


def test_every_audit_with_a_base_has_the_section_and_it_decides_nothing(
    medaudit: Any, official: Any, answers: Any, findings: Any
) -> None:
    folder, given = official(24)
    files = [answers(f"{n}.jsonl", [{"id": r["id"], "answer": say(r)} for r in given])
             for n, say in (("m", lambda r: r["answer"]), ("b", lambda r: "none"))]  # fmt: skip
    flags = ["run", "--probe", "medobvious", "--data", folder, "--model", f"replay:{files[0]}", "--out", "out"]
    medaudit(*flags, "--base", f"replay:{files[1]}")
    tags = {"probe": "medobvious"}
    for metric in ("accuracy", "macro_f1", "balanced_accuracy"):
        (difference,) = findings("out", metric=f"comparison.{metric}", comparison="vs_base", tags=tags)
        assert difference["role"] == "exploratory"
        assert difference["family"].startswith("comparison.")
    assert {f["probe"] for f in findings("out", role="primary")} == {"medobvious"}
