"""The shifts probe from the command line: existing answers, real images and questions, a judge."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audit.core.finding import finding_id, stream_seed
from audit.core.measure import share
from audit.stats.paired import paired
from audit.stats.proportion import korn_graubard

N = 90


@pytest.fixture
def replayed(tmp_path: Path, answers: Any) -> dict[tuple[str, str], list[float]]:
    """90 questions about 45 pictures in q.json (no picture is there) and answers of two models under two conditions;
    the scores by (model, condition)."""
    rng = np.random.default_rng(0)
    rows = [
        {"id": f"q{i}", "image": f"{i // 2}.png", "question": "Is it there?", "answer": ("yes", "no")[i % 2],
         "answer_type": "CLOSED"}
        for i in range(N)
    ]  # fmt: skip
    (tmp_path / "q.json").write_text(json.dumps(rows))
    scores: dict[tuple[str, str], list[float]] = {}
    for model, shares in (("model", (0.9, 0.5)), ("base", (0.8, 0.7))):
        lines = []
        for condition, right in zip(("clean", "foggy"), shares, strict=True):
            drawn = (rng.random(N) < right).astype(float).tolist()
            scores[model, condition] = drawn
            for row, value in zip(rows, drawn, strict=True):
                wrong = "no" if row["answer"] == "yes" else "yes"
                said = row["answer"] if value else wrong
                lines.append({"id": row["id"], "condition": condition, "answer": f"{said.title()}.",
                              "target": row["answer"], "answer_type": "closed"})  # fmt: skip
        answers(f"{model}.jsonl", lines)
    return scores


def by_cluster(values: list[float]) -> np.ndarray:
    """Totals (45, 2), in the order in which the audit meets its items: sorted by id."""
    order = sorted(range(N), key=lambda i: f"q{i}")
    places: dict[int, list[float]] = {}
    for i in order:
        cell = places.setdefault(i // 2, [0.0, 0.0])
        cell[0] += values[i]
        cell[1] += 1
    return np.array(list(places.values()))


def test_answers_under_several_image_conditions(
    medaudit: Any, findings: Any, replayed: dict[tuple[str, str], list[float]], tmp_path: Path
) -> None:
    flags = ["--set", "shifts.conditions=foggy", "--set", "shifts.corruptions=none", "--set", "shifts.items=0"]
    models = ["--model", f"replay:{tmp_path / 'model.jsonl'}", "--base", f"replay:{tmp_path / 'base.jsonl'}"]
    done = medaudit(
        "run", "--probe", "shifts", "--data", "q.json", *models, *flags, "--out", "run", "--fail-on", "never"
    )
    assert done.code == 0, done.err

    def one(metric: str, comparison: str, model: str = "model", **tags: str) -> dict[str, Any]:
        (found,) = findings("run", metric=metric, comparison=comparison, model=model, scoring="strict", tags=tags)
        return found

    for model in ("model", "base"):
        for condition, tag in (("clean", "none"), ("foggy", "foggy")):
            found = one("shifts.accuracy", "absolute", model, corruption=tag)
            direct = korn_graubard(by_cluster(replayed[model, condition]))
            assert direct.interval is not None
            assert found["estimate"] == pytest.approx(np.mean(replayed[model, condition]))
            assert found["ci_low"] == pytest.approx(direct.interval.low)
            assert found["ci_high"] == pytest.approx(direct.interval.high)
            assert found["n_clusters"] == 45
        found = one("shifts.delta", "vs_clean", model, corruption="foggy")
        name = finding_id("shifts", "shifts.delta", "strict", model, "vs_clean", {"corruption": "foggy"})
        totals = [by_cluster(replayed[model, condition]) for condition in ("foggy", "clean")]
        contrast = paired(totals[0], totals[1], share, np.random.default_rng(stream_seed(0, name)), 10_000)
        assert contrast.interval is not None
        assert found["estimate"] == pytest.approx(contrast.estimate)
        assert (found["ci_low"], found["ci_high"]) == pytest.approx((contrast.interval.low, contrast.interval.high))
    change = {m: np.mean(replayed[m, "foggy"]) - np.mean(replayed[m, "clean"]) for m in ("model", "base")}
    did = one("shifts.delta", "did", corruption="foggy")
    assert did["estimate"] == pytest.approx(change["model"] - change["base"])
    flips = one("shifts.flip_rate", "absolute", corruption="foggy")
    assert flips["estimate"] == pytest.approx(
        np.mean([a != b for a, b in zip(replayed["model", "clean"], replayed["model", "foggy"], strict=True)])
    )


SMALL = ["--set", "shifts.items=12", "--budget", "4", "--set", "shifts.severities=3", "--fail-on", "never"]


def radiographs(shared_data: Path, folder: Path) -> Path:
    """A manifest of ten PA and ten AP chest films, copied."""
    with (shared_data / "real" / "manifest.csv").open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["path"].startswith("xray_chest/")]
    chosen = [row for view in ("PA", "AP") for row in [row for row in rows if row["view"] == view][:10]]
    with (folder / "chest.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["path", "modality", "anatomy", "view", "finding"])
        for i, row in enumerate(chosen):
            name = f"{i}{Path(row['path']).suffix}"
            shutil.copy(shared_data / "real" / row["path"], folder / name)
            writer.writerow([name, row["modality"], row["anatomy"], row["view"], row["finding"]])
    return folder / "chest.csv"


def test_real_radiographs_pa_against_ap(
    medaudit: Any, findings: Any, tiny_checkpoint: Any, shared_data: Path, tmp_path: Path
) -> None:
    """A random checkpoint: what is tested is that real images, clean and corrupted, reach it and all is judged."""
    flags = ["--data", radiographs(shared_data, tmp_path), "--model", f"hf:{tiny_checkpoint('llava')}", *SMALL]
    done = medaudit("run", "--probe", "shifts", *flags, "--slice", "view=AP", "--out", "run")
    assert done.code == 0, done.err
    assert "0 errors" in done.out
    (found,) = findings("run", metric="shifts.accuracy", tags={"slice": "view=AP", "corruption": "none"})
    assert found["n_items"] > 0
    assert findings("run", metric="shifts.delta", comparison="between_slices", tags={"slice": "view=AP", "mix": "raw"})
    (jpeg,) = findings("run", metric="shifts.delta", comparison="vs_clean", tags={"corruption": "jpeg"})
    assert jpeg["n_items"] == 4
    digest = json.loads((tmp_path / "run" / "digest.json").read_text())
    (changes,) = digest["changes"]
    assert changes["n_asked"] == 12, "four questions, three corruptions"
    assert len(changes["shown"]) <= changes["n_changed"]
    assert all(key in digest["images"] for one in changes["shown"] for key in (*one["before"], *one["after"]))
    page = (tmp_path / "run" / "report.html").read_text()
    assert "Answers that changed with the picture" in page
    assert "Each slice against the rest" in page


def vqa_rad(shared_data: Path) -> list[Any]:
    questions = shared_data / "real" / "questions" / "vqa_rad_train.json"
    return ["--probe", "shifts", "--data", questions, "--image-root", shared_data / "real" / "vqa_rad", *SMALL]


def test_vqa_rad_with_right_answers(medaudit: Any, findings: Any, shared_data: Path) -> None:
    done = medaudit("run", *vqa_rad(shared_data), "--model", "control:oracle", "--slice", "anatomy", "--out", "run")
    assert done.code == 0, done.err
    (found,) = findings("run", metric="shifts.accuracy", comparison="absolute", scoring="strict",
                        tags={"corruption": "none"})  # fmt: skip
    assert (found["estimate"], found["n_items"], found["n_clusters"]) == (1, 12, 12)
    (blind,) = findings("run", comparison="vs_control", tags={"corruption": "none", "control": "blind"})
    assert "does not test vision" in blind["plain_words"], "the oracle needs no images"
    assert findings("run", tags={"slice": "anatomy=chest", "corruption": "none"})


def test_vqa_rad_with_a_checkpoint_and_a_judge(
    medaudit: Any, findings: Any, tiny_checkpoint: Any, shared_data: Path
) -> None:
    judge = ["--judge", "control:constant:Rating%3A 5"]
    done = medaudit("run", *vqa_rad(shared_data), "--model", f"hf:{tiny_checkpoint('llava')}", *judge, "--out", "run")
    assert done.code == 0, done.err
    assert "0 errors" in done.out
    tags = {"corruption": "none", "answer_type": "open"}
    (found,) = findings("run", metric="shifts.accuracy", comparison="absolute", scoring="strict", tags=tags)
    assert found["estimate"] > 0.5, "a judge that is always content finds open answers right"
    assert findings("run", metric="shifts.token_f1", comparison="absolute", tags=tags)
