"""Real answers of a medical model and its non-medical parent, compared, and checked by a calculation of its own.

MedGemma 1.5 4B and Gemma 3 4B with the same LoRA training (arms A4 and A5) on the DermaMNIST and BloodMNIST test sets,
and MedGemma without training: its prose, and its log-probabilities of the class names (A3full). A raw row names
`image_index`, `true_label` (a number), and `output_text`, or `logp_sum`, `logp_mean` and `logp_pmi` (a figure a class).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from audit.app.comparing.cell import read_cell
from audit.app.comparing.config import CellSpec
from audit.data.answers import AnswerRow, write_answers
from probes.comparison.measures import Wanted

CLASSES = {
    "dermamnist": (
        "actinic keratoses and intraepithelial carcinoma", "basal cell carcinoma", "benign keratosis-like lesions",
        "dermatofibroma", "melanoma", "melanocytic nevi", "vascular lesions",
    ),
    "bloodmnist": (
        "basophil", "eosinophil", "erythroblast",
        "immature granulocytes(myelocytes, metamyelocytes and promyelocytes)", "lymphocyte", "monocyte", "neutrophil",
        "platelet",
    ),
}  # fmt: skip
SIZES = {"dermamnist": 2005, "bloodmnist": 3421}


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> Callable[[str, str], list[dict[str, Any]]]:
    """raw(kind, data set): the rows as they were published."""
    folder = shared_data / "predictions" / "medgemma_medmnist" / "raw"
    if not folder.is_dir():
        pytest.skip("the answers of MedGemma on MedMNIST (../shared/data/predictions) are not on this machine")

    def read(kind: str, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (folder / f"{kind}_{name}_test.jsonl").read_text().splitlines()]

    return read


@pytest.fixture(scope="module")
def converted(raw: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """converted(kind, data set, logp): raw rows as a file of answers, with log-probabilities where `logp` names them.

    The id is the image's, the options are the class names, and an answer that did not end by itself is `truncated`.
    Gains over a prior (`logp_pmi`) are normalised first: they are no log-probabilities by themselves.
    """
    folder = tmp_path_factory.mktemp("answers")

    def write(kind: str, name: str, logp: str = "") -> Path:
        path = folder / f"{kind}-{name}-{logp}.jsonl"
        known = {row["image_index"]: row[logp] for row in raw("A3full", name)} if logp else {}
        write_answers(path, [_answer(row, CLASSES[name], known.get(row["image_index"])) for row in raw(kind, name)])
        return path

    return write


def _answer(row: dict[str, Any], classes: tuple[str, ...], logp: list[float] | None) -> AnswerRow:
    scores = np.array([] if logp is None else logp)
    scores = scores - np.logaddexp.reduce(scores) if len(scores) else scores
    return AnswerRow(
        id=f"{row['dataset']}-{row['image_index']}",
        answer=row["output_text"],
        target=classes[row["true_label"]],
        options={name: name for name in classes},
        option_logprobs=dict(zip(classes, scores.tolist(), strict=False)),
        status=None if row["finish_reason"] == "eos" else "truncated",
    )


def labels(rows: list[dict[str, Any]], name: str) -> tuple[np.ndarray, np.ndarray]:
    """True and given class numbers: the trained models say the name of a class and nothing else."""
    number = {text: k for k, text in enumerate(CLASSES[name])}
    return np.array([row["true_label"] for row in rows]), np.array([number[row["output_text"]] for row in rows])


def scores(target: np.ndarray, given: np.ndarray, classes: int) -> tuple[float, float, float]:
    """Accuracy, balanced accuracy and macro-F1 from the confusion matrix."""
    table = np.zeros((classes, classes))
    np.add.at(table, (target, given), 1)
    hits, there, said = np.diagonal(table), table.sum(axis=1), table.sum(axis=0)
    return float(hits.sum() / table.sum()), float(np.mean(hits / there)), float(np.mean(2 * hits / (there + said)))


METRICS = ("accuracy", "balanced_accuracy", "macro_f1")


@pytest.fixture(scope="module")
def direct(raw: Any) -> dict[str, Any]:
    """Per data set the scores of both models, and 2,000 resampled differences (items drawn in pairs)."""
    rng, made = np.random.default_rng(2024), {}
    for name, classes in CLASSES.items():
        (target, model), (other, base) = (labels(raw(f"gen_{arm}", name), name) for arm in ("A4", "A5"))
        assert (target == other).all()
        draws = []
        for _ in range(2000):
            pick = rng.integers(0, len(target), len(target))
            one, two = (scores(target[pick], arm[pick], len(classes)) for arm in (model, base))
            draws.append(np.subtract(one, two))
        whole = [scores(target, arm, len(classes)) for arm in (model, base)]
        made[name] = {"model": whole[0], "base": whole[1], "draws": np.array(draws),
                      "right": (model == target, base == target)}  # fmt: skip
    return made


def test_a_medical_model_and_its_parent_on_two_data_sets(
    medaudit: Any, converted: Any, direct: Any, findings: Any
) -> None:
    flags = []
    for name in CLASSES:
        model, base = converted("gen_A4", name), converted("gen_A5", name)
        flags += ["--model", f"replay:{model}", "--base", f"replay:{base}", "--name", name]
    done = medaudit("compare", *flags, "--out", "out")
    assert done.code == 0, done.err
    for name in CLASSES:
        _check_data_set(findings, name, direct[name])
    for place, metric in enumerate(METRICS):
        one, two = (direct[name] for name in CLASSES)
        tags = {"data": "dermamnist", "less": "bloodmnist"}
        (found,) = findings("out", metric=f"comparison.{metric}", scoring="strict", comparison="did", tags=tags)
        gaps = [side["model"][place] - side["base"][place] for side in (one, two)]
        assert found["estimate"] == pytest.approx(gaps[0] - gaps[1], abs=1e-12)
        assert_interval(found, one["draws"][:, place] - two["draws"][:, place])


def _check_data_set(findings: Any, name: str, direct: dict[str, Any]) -> None:
    for place, metric in enumerate(METRICS):
        wanted = {"metric": f"comparison.{metric}", "scoring": "strict", "tags": {"data": name}}
        for role in ("model", "base"):
            (own,) = findings("out", comparison="absolute", model=role, **wanted)
            assert own["estimate"] == pytest.approx(direct[role][place], abs=1e-12)
        (found,) = findings("out", comparison="vs_base", **wanted)
        assert found["estimate"] == pytest.approx(direct["model"][place] - direct["base"][place], abs=1e-12)
        assert_interval(found, direct["draws"][:, place])
        assert found["n_items"] == found["n_clusters"] == SIZES[name]
    model, base = direct["right"]
    (found,) = findings(
        "out", metric="comparison.accuracy", scoring="strict", comparison="vs_base", tags={"data": name}
    )
    better, worse = int((model & ~base).sum()), int((~model & base).sum())
    assert found["p"] == pytest.approx(binomtest(better, better + worse).pvalue, rel=1e-6)
    (forgotten,) = findings("out", metric="comparison.forgetting", tags={"data": name})
    assert forgotten["estimate"] == pytest.approx(worse / base.sum())
    lost = {f"{name}-{item}" for item in np.flatnonzero(~model & base)}
    assert set(forgotten["item_ids"]) <= lost


def assert_interval(finding: dict[str, Any], draws: np.ndarray) -> None:
    """Within a tenth of its width of the interval of resamples drawn another way (percentiles of 2,000)."""
    low, high = np.quantile(draws, [0.025, 0.975])
    width = high - low
    assert finding["ci_low"] == pytest.approx(low, abs=0.1 * width)
    assert finding["ci_high"] == pytest.approx(high, abs=0.1 * width)


@pytest.mark.parametrize("name", CLASSES)
def test_zero_shot_prose_is_scored_strictly_as_published_and_by_likelihood(raw: Any, converted: Any, name: str) -> None:
    rows, classes = raw("gen", name), CLASSES[name]
    target = np.array([row["true_label"] for row in rows])
    spoken = [_words(row["output_text"]) for row in rows]
    seen = observed(converted("gen", name, "logp_sum"), converted("gen_A4", name))
    strict, published, likelihood = seen["clean", "strict"], seen["clean", "published"], seen["likelihood", "strict"]
    for kept in (strict, published, likelihood):
        assert len(kept) == SIZES[name]
    direct = [f" {_words(classes[k])} " in f" {text} " for k, text in zip(target, spoken, strict=True)]
    assert [row.value == 1 for row in published] == direct
    unread = [row.outcome for row in strict if not row.judged]
    assert 0.85 < 1 - len(unread) / len(strict) < 1
    assert all(loose.value == 1 for row, loose in zip(strict, published, strict=True) if row.value == 1)
    for row, text in zip(strict, spoken, strict=True):
        named = {_words(classes[k]) for k in _named(text, classes)}
        assert row.given is None or row.given in named, row.item
        if len(named) == 1:
            assert row.given in named, row.item


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def _named(text: str, classes: tuple[str, ...]) -> set[int]:
    """Numbers of the classes that a text names, longer names first and taken out."""
    rest, found = f" {text} ", set()
    for k in sorted(range(len(classes)), key=lambda k: -len(classes[k])):
        if f" {_words(classes[k])} " in rest:
            found.add(k)
            rest = rest.replace(f" {_words(classes[k])} ", " ; ")
    return found


@pytest.mark.parametrize("logp", ["logp_sum", "logp_mean", "logp_pmi"])
def test_the_choice_by_likelihood_is_the_largest(raw: Any, converted: Any, logp: str) -> None:
    name = "dermamnist"
    figures = {row["image_index"]: row for row in raw("A3full", name)}
    seen = observed(converted("gen", name, logp), converted("gen_A4", name))
    kept = seen["likelihood", "strict"]
    chosen = [int(np.argmax(figures[int(row.item.rpartition("-")[2])][logp])) for row in kept]
    assert [row.given for row in kept] == [_words(CLASSES[name][k]) for k in chosen]
    right = np.mean(
        [figures[int(row.item.rpartition("-")[2])]["true_label"] == k for row, k in zip(kept, chosen, strict=True)]
    )
    assert np.mean([row.value for row in kept]) == right


def observed(model: Path, base: Path) -> dict[tuple[str, str], list[Any]]:
    """The model's observations by condition and scoring."""
    cell = read_cell(CellSpec("", "", f"replay:{model}", f"replay:{base}"), Wanted())
    kept: dict[tuple[str, str], list[Any]] = {}
    for row in cell.questions.observations:
        if row.model == "model":
            kept.setdefault((row.condition, row.scoring), []).append(row)
    return kept
