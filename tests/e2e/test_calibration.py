"""Calibration and refusal in an audit and in a comparison of files, recomputed from what was answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audit.store.store import Store

SETUP = ["--set", "mediconfusion.n_pairs=20", "--set", "mediconfusion.n_easy=0"]


def test_an_audit_tells_how_sure_both_models_are(medaudit: Any, tmp_path: Path) -> None:
    models = ["--model", "control:random", "--base", "control:random?seed=1"]
    done = medaudit("run", "--probe", "mediconfusion", *models, *SETUP, "--out", "run", "--fail-on", "never")
    assert done.code == 0, done.err
    findings = json.loads((tmp_path / "run" / "findings.json").read_text())["findings"]
    tags = {"probe": "mediconfusion", "condition": "greedy"}
    own = [f for f in findings if f["probe"] == "calibration" and tags.items() <= f["tags"].items()]
    assert {(f["metric"], f["comparison"], f["model"]) for f in own} == {
        (f"calibration.{name}", comparison, role)
        for name in ("ece", "overconfidence", "brier")
        for comparison, role in (("absolute", "model"), ("absolute", "base"), ("vs_base", "model"))
    }
    with Store(tmp_path / "run" / "answers.sqlite") as store:
        sure = [
            max(np.exp(list(answer.option_logprobs.values())))
            for (_, condition, _), answer in store.places("model", "mediconfusion")
            if condition == "greedy"
        ]
    over = next(f for f in own if f["metric"].endswith("overconfidence") and f["model"] == "model")
    right = [f for f in findings if f["metric"] == "mediconfusion.individual_accuracy" and f["model"] == "model"]
    accuracy = next(f["estimate"] for f in right if f["scoring"] == "strict" and f["tags"] == {
        **f["tags"], "way": "greedy"} and "order" not in f["tags"] and f["comparison"] == "absolute"
        and "category" not in f["tags"])  # fmt: skip
    assert over["estimate"] == pytest.approx(np.mean(sure) - accuracy)
    digest = json.loads((tmp_path / "run" / "digest.json").read_text())
    drawn = {part["title"]: part for part in digest["reliability"]}
    part = drawn["mediconfusion, greedy"]
    assert sum(one["n"] for one in part["bins"]["model"]) == len(sure)
    assert [one["confidence"] for one in part["bins"]["base"]] == sorted(o["confidence"] for o in part["bins"]["base"])
    assert "How sure, and how often right" in (tmp_path / "run" / "report.html").read_text()


def test_files_with_probabilities_and_refusals(medaudit: Any, answers: Any, tmp_path: Path) -> None:
    def rows(over: float, refuses: int) -> list[dict[str, Any]]:
        rng, made = np.random.default_rng(0), []
        for i in range(200):
            top = float(rng.uniform(0.5, 0.95))
            right = "A" if rng.random() < top - over else "B"
            made.append({
                "id": f"q{i}", "answer": "I cannot help with that." if i < refuses else "A", "target": right,
                "options": {"A": "a tumour", "B": "a cyst"},
                "option_logprobs": {"A": np.log(top), "B": np.log(1 - top)},
            })  # fmt: skip
        return made

    base = rows(0.0, 4)
    model = [{**row, "option_logprobs": {"A": np.log(0.98), "B": np.log(0.02)}} for row in rows(0.0, 30)]
    done = medaudit("compare", "--model", f"replay:{answers('m.jsonl', model)}",
                    "--base", f"replay:{answers('b.jsonl', base)}", "--out", "c")  # fmt: skip
    assert done.code == 0, done.err
    findings = json.loads((tmp_path / "c" / "findings.json").read_text())["findings"]
    found = {(f["metric"], f["comparison"], f["model"]): f for f in findings if f["probe"] == "calibration"}
    assert found["calibration.refusal_rate", "absolute", "model"]["estimate"] == pytest.approx(30 / 200)
    assert found["calibration.refusal_rate", "vs_base", "model"]["estimate"] == pytest.approx(26 / 200)
    share = np.mean([row["target"] == "A" for row in base])
    assert found["calibration.overconfidence", "absolute", "model"]["estimate"] == pytest.approx(0.98 - share)
    assert found["calibration.ece", "absolute", "model"]["tags"]["flag"] == "worse"
    assert found["calibration.ece", "vs_base", "model"]["ci_low"] > 0
    assert "calibration error" in done.out.lower()
    assert json.loads((tmp_path / "c" / "digest.json").read_text())["reliability"]
