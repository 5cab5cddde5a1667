"""`--tune-prompts`: each model gets the prompt that suits it, and the verdict's dependence on the prompt is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audit.app.tables import read_observations

MODEL = '''
"""Two models that know a share of the answers, more of them in a prompt that they like."""

import hashlib


def make(name, likes):
    def answer(text, images):
        seen = b"".join(image.tobytes() for image in images)
        knows = 0.9 if likes(text) else 0.3
        return "right" if hashlib.sha256(name + seen + text.encode()).digest()[0] < 255 * knows else "wrong"

    return answer


def model():
    return make(b"m", lambda text: "\\n\\n" in text)


def base():
    return make(b"b", lambda text: " || " in text)
'''


@pytest.fixture
def data(tmp_path: Path, manifest: Any) -> Path:
    """120 questions about images of 120 patients; the word "right" names the right option."""
    rows, answers = [], np.random.default_rng(0).integers(0, 2, 120)
    manifest(120)
    for i, right in enumerate(answers):
        texts = ["right", "wrong"] if right else ["wrong", "right"]
        rows.append({"id": f"q{i}", "image": f"images/{i}.png", "question": f"Which word (case {i})?",
                     "answer": "right", "options": texts, "patient": f"p{i}"})  # fmt: skip
    path = tmp_path / "questions.json"
    path.write_text(json.dumps(rows))
    return path


def test_each_model_is_tested_with_the_prompt_that_was_chosen_for_it(medaudit: Any, tmp_path: Path, data: Path) -> None:
    (tmp_path / "mine.py").write_text(MODEL)
    command = ["compare", "--model", "python:mine:model", "--base", "python:mine:base", "--data", data,
               "--tune-prompts", "8", "--metric", "accuracy", "--out", "c"]  # fmt: skip
    dry = medaudit(*command, "--dry-run")
    assert dry.code == 0, dry.err
    assert "8 prompt formats are tried, 960 requests (--tune-prompts)" in dry.out
    done = medaudit(*command)
    assert done.code == 0, done.err
    assert "Each with the prompt that suits it best" in done.out
    rows = [row for row in read_observations(tmp_path / "c" / "observations.parquet") if row.scoring == "strict"]
    by: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        by.setdefault((row.model, row.condition), {})[row.item] = row
    report = json.loads((tmp_path / "c" / "findings.json").read_text())
    formats = report["run"]["plan"]["shifts"]["formats"]
    assert len(formats) == 8
    found = {
        (f["tags"]["prompt"], f["comparison"], f["model"]): f
        for f in report["findings"]
        if f["metric"] == "comparison.accuracy" and "prompt" in f["tags"] and f["scoring"] == "strict"
    }
    names = ["clean", *(f"prompt:{n}" for n in range(1, 9))]
    tuned, same = found["tuned for each", "vs_base", "model"], found["the model's for both", "vs_base", "model"]
    assert tuned["n_clusters"] == 96  # of 120 patients, 24 chose
    likes = {role: [n for n, name in enumerate(names) if n and mark in formats[n - 1].replace("\\n", "\n")]
             for role, mark in (("model", "\n\n"), ("base", " || "))}  # fmt: skip
    assert likes["model"]
    assert likes["base"]
    # the tuned accuracies are those of some liked format, recounted from the answers to the test items
    for role in ("model", "base"):
        estimate = found["tuned for each", "absolute", role]["estimate"]
        assert estimate > 0.75
        each = [found[f"format {n}", "absolute", role]["estimate"] for n in likes[role]]
        assert estimate in each
    assert same["estimate"] - tuned["estimate"] > 0.2  # the base is worse off with the model's prompt
    agreement = next(f for f in report["findings"] if f["metric"] == "comparison.prompt_agreement")
    outcomes = [found[f"format {n}", "vs_base", "model"]["tags"]["outcome"] for n in range(1, 9)]
    assert agreement["estimate"] == pytest.approx(np.mean([o == tuned["tags"]["outcome"] for o in outcomes]))
    assert (agreement["n_items"], agreement["ci_method"] is not None) == (8, True)
    digest = json.loads((tmp_path / "c" / "digest.json").read_text())
    notes = [note for part in digest["probes"] for note in part["notes"]]
    assert any("chosen for each model by accuracy on 24 clusters and tested on the other 96" in note for note in notes)
    again = medaudit(*command)
    assert "0 calls made" in again.out


def test_what_cannot_be_tuned_is_refused_or_said(medaudit: Any, answers: Any, manifest: Any, tmp_path: Path) -> None:
    row = {"id": "a", "answer": "yes", "target": "yes"}
    files = [f"replay:{answers(name, [row])}" for name in ("a.jsonl", "b.jsonl")]
    done = medaudit("compare", "--model", files[0], "--base", files[1], "--tune-prompts", "3")
    assert (done.code, "--tune-prompts goes with --data" in done.err) == (2, True)
    done = medaudit("run", "--model", "control:random", "--probe", "shifts", "--tune-prompts", "3")
    assert (done.code, "name the base model" in done.err) == (2, True)
    done = medaudit("run", "--model", "control:random", "--base", "control:random?seed=1", "--probe", "medobvious",
                    "--set", "medobvious.n_grids=8", "--data", manifest(48), "--tune-prompts", "2", "--out", "r",
                    "--fail-on", "never")  # fmt: skip
    assert done.code == 0, done.err
    report = (tmp_path / "r" / "report.html").read_text()
    assert "Prompts for medobvious are not assessed" in report


LEARNER = '''
"""A model that knows the answers once it was shown examples, and one that takes a single image."""

import hashlib


class Learner:
    def __init__(self, most_images=None):
        self.most_images = most_images

    def generate(self, messages):
        turns = [[part.get("text", "") for part in turn["content"]] for turn in messages]
        pictures = [part for turn in messages for part in turn["content"] if part["type"] == "image"]
        if len(pictures) > (self.most_images or 99):
            raise ValueError("too many images")
        answered = sum(turn["role"] == "assistant" for turn in messages)
        assert answered == max(0, len(pictures) - 1)  # a control is shown none
        question = "\\n".join(turns[-1])
        draw = hashlib.sha256(question.encode()).digest()[0]
        return "right" if draw < 255 * (0.95 if answered else 0.5) else "wrong"


def model():
    return Learner()


def base():
    return Learner(1)
'''


def test_examples_are_tried_in_every_format_by_a_model_that_takes_them(
    medaudit: Any, tmp_path: Path, data: Path
) -> None:
    (tmp_path / "learner.py").write_text(LEARNER)
    command = ["compare", "--model", "python:learner:model", "--base", "python:learner:base", "--data", data,
               "--tune-prompts", "3", "--shots", "2", "--metric", "accuracy", "--repeats", "0",
               "--out", "s"]  # fmt: skip
    dry = medaudit(*command, "--dry-run")
    assert dry.code == 0, dry.err
    assert "3 prompt formats are tried, each after 2 examples too, 720 requests (--tune-prompts)" in dry.out
    done = medaudit(*command)
    assert done.code == 0, done.err
    report = json.loads((tmp_path / "s" / "findings.json").read_text())
    assert report["run"]["plan"]["shifts"]["shots"] == 2
    found = {
        (f["tags"]["prompt"], f["comparison"], f["model"]): f
        for f in report["findings"]
        if f["metric"] == "comparison.accuracy" and "prompt" in f["tags"] and f["scoring"] == "strict"
    }
    names = {name for name, _, model in found if model == "model"}
    assert {"default", "format 1", "format 2", "format 3"} <= names
    assert not any("examples" in name for name, _, model in found if model == "base")
    assert found["tuned for each", "absolute", "model"]["estimate"] > 0.85
    assert found["tuned for each", "absolute", "base"]["estimate"] < 0.7
    assert "the model's for both" not in names  # the base cannot be asked so
    digest = json.loads((tmp_path / "s" / "digest.json").read_text())
    notes = [note for part in digest["probes"] for note in part["notes"]]
    assert any("The model does best with format" in note and "2 examples" in note for note in notes)
    assert any("Examples are not assessed for the base (shifts): with 2 of them" in note for note in notes)
    assert any("The base cannot be asked with the model's best prompt" in note for note in notes)
    assert "0 calls made" in medaudit(*command).out


def test_the_verdict_after_examples_is_a_finding_of_its_own(medaudit: Any, tmp_path: Path, data: Path) -> None:
    (tmp_path / "learner.py").write_text(LEARNER)
    done = medaudit("compare", "--model", "python:learner:model", "--base", "python:learner:model", "--data", data,
                    "--tune-prompts", "3", "--shots", "2", "--metric", "accuracy", "--repeats", "0",
                    "--out", "t")  # fmt: skip
    assert done.code == 0, done.err
    report = json.loads((tmp_path / "t" / "findings.json").read_text())
    shares = {f["tags"].get("shots"): f for f in report["findings"] if f["metric"] == "comparison.prompt_agreement"}
    assert set(shares) == {None, "2"}
    assert all((f["n_items"], f["estimate"]) == (3, 1.0) for f in shares.values())  # a model ties with itself
    assert "given one format each after 2 examples" in shares["2"]["plain_words"]


def test_examples_without_formats_are_refused(medaudit: Any, data: Path) -> None:
    done = medaudit("compare", "--model", "control:random", "--base", "control:none", "--data", data, "--shots", "2")
    assert (done.code, "--tune-prompts" in done.err) == (2, True)
