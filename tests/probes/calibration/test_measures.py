"""Calibration from answers with probabilities: equal to a direct count, told for each model and their difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from audit.core.answer import Answer
from audit.core.finding import Finding
from audit.core.observation import ModelRole, Observation, Outcome
from audit.core.query import Option
from audit.policy.conclude import conclude
from audit.policy.decide import decide
from audit.policy.policy import load_policy
from probes.calibration.answers import NAME, condition_of, labels_named, probabilities, with_probabilities
from probes.calibration.measures import FEWEST, measures_of

POLICY = replace(load_policy(), resamples=1000, primary=())
OPTIONS = (Option("A", "lung"), Option("B", "liver"), Option("C", "heart"))


def answered(i: int, role: ModelRole, chances: Sequence[float], right: str = "A") -> Observation:
    row = Observation(NAME, f"q{i}", f"c{i // 2}", role, "strict", "wrong", None)
    return with_probabilities(row, dict(zip("ABC", chances, strict=False)), [right])


def concluded(
    rows: Sequence[Observation], refusals: Sequence[Observation] = ()
) -> dict[tuple[str, str, str | None], Finding]:
    drafts = conclude(NAME, measures_of(rows, refusals, {"probe": "toy"}), (*rows, *refusals), POLICY, 0)
    found = decide(drafts, POLICY, probes=(NAME,))
    return {(f.metric.partition(".")[2], f.comparison, f.model): f for f in found}


def test_probabilities_are_normalised_over_the_options() -> None:
    found = probabilities(OPTIONS, Answer(option_logprobs={"A": -1000.0, "B": -1001.0, "C": -1002.0}))
    assert found is not None
    assert sum(found.values()) == pytest.approx(1)
    assert found["A"] / found["B"] == pytest.approx(math.e)


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        (OPTIONS, Answer(option_logprobs={"A": -0.1, "B": -3.0})),  # the server left one out
        (OPTIONS[:1], Answer(option_logprobs={"A": 0.0})),
        (OPTIONS, Answer("A")),
        (OPTIONS, replace(Answer.failed("gone"), option_logprobs={"A": -0.1, "B": -3.0, "C": -4.0})),
    ],
)
def test_without_a_probability_for_every_option_nothing_is_claimed(options: tuple[Option, ...], answer: Answer) -> None:
    assert probabilities(options, answer) is None


def test_a_target_is_a_label_else_a_text() -> None:
    assert labels_named("B", OPTIONS) == ("B",)
    assert labels_named("heart", OPTIONS) == ("C",)
    assert labels_named("brain", OPTIONS) == ()


def test_one_answer_carries_its_confidence_and_brier_score() -> None:
    row = answered(0, "model", [0.2, 0.7, 0.1])
    assert (row.outcome, row.value, row.given) == ("wrong", 0.0, "B")
    assert float(row.tags["confidence"]) == 0.7
    assert float(row.tags["brier"]) == pytest.approx(0.8**2 + 0.7**2 + 0.1**2)
    assert row.condition == condition_of("clean") == "probabilities"


def sure(rng: np.random.Generator, role: ModelRole, over: float, n: int = 300) -> list[Observation]:
    rows = []
    for i, top in enumerate(rng.uniform(0.5, 0.95, n)):
        right = "A" if rng.random() < top - over else "B"
        rows.append(answered(i, role, [top, 1 - top], right))
    return rows


def test_an_overconfident_model_is_told_from_its_calibrated_base() -> None:
    rng = np.random.default_rng(1)
    model, base = sure(rng, "model", 0.25), sure(rng, "base", 0.0)
    found = concluded([*model, *base])
    for role, rows in (("model", model), ("base", base)):
        direct = np.mean([float(row.tags["confidence"]) - (row.value or 0.0) for row in rows])
        assert found["overconfidence", "absolute", role].estimate == pytest.approx(direct)
        brier = np.mean([float(row.tags["brier"]) for row in rows])
        assert found["brier", "absolute", role].estimate == pytest.approx(brier)
    ece = found["ece", "absolute", "model"]
    assert ece.estimate == pytest.approx(0.25, abs=0.06)
    assert ece.tags["flag"] == "worse"
    assert abs(found["ece", "absolute", "base"].estimate or 0.0) < 0.06
    assert "flag" not in found["ece", "absolute", "base"].tags
    for metric in ("ece", "overconfidence", "brier"):
        gap = found[metric, "vs_base", "model"]
        assert gap.ci_low is not None
        assert gap.ci_low > 0, metric
    assert found["ece", "vs_base", "model"].tags["outcome"] == "loss"
    assert found["overconfidence", "vs_base", "model"].tags["flag"] == "differs"


def test_two_models_that_are_alike_do_not_differ() -> None:
    rows = sure(np.random.default_rng(2), "model", 0.1)
    found = concluded([*rows, *(replace(row, model="base") for row in rows)])
    gap = found["overconfidence", "vs_base", "model"]
    assert gap.estimate == 0
    assert gap.p == 1


def test_few_probabilities_say_nothing_and_conditions_stay_apart() -> None:
    rng = np.random.default_rng(3)
    assert not measures_of(sure(rng, "model", 0.0, FEWEST - 1), (), {})
    rows = sure(rng, "model", 0.0, 40)
    greedy = [replace(row, condition=condition_of("greedy")) for row in rows]
    made = measures_of([*rows, *greedy], (), {})
    assert {(m.metric, m.tags.get("condition")) for m in made} == {
        (f"calibration.{name}", how) for name in ("ece", "overconfidence", "brier") for how in (None, "greedy")
    }


def test_refusals_are_counted_by_the_parsers_status() -> None:
    outcomes: list[Outcome] = ["refused", "correct", "wrong", "unparsed", "error", "refused"]
    rows = [
        Observation(NAME, f"q{i}", f"c{i}", role, "strict", outcome, None if outcome == "error" else 0.0)
        for role in ("model", "base")
        for i, outcome in enumerate(outcomes if role == "model" else ["correct"] * 6)
    ]  # fmt: skip
    found = concluded([], rows)
    assert found["refusal_rate", "absolute", "model"].estimate == pytest.approx(2 / 5)
    assert found["refusal_rate", "absolute", "base"].estimate == 0
    assert found["refusal_rate", "vs_base", "model"].estimate == pytest.approx(2 / 5)
