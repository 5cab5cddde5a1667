"""What is concluded from two models' observations, against counts by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from audit.core.observation import Observation
from audit.policy.conclude import conclude
from audit.policy.decide import decide
from audit.policy.policy import Endpoint, Policy, load_policy
from probes.comparison.measures import Wanted, measures_of, why_no_classes
from probes.comparison.pairing import Table, together
from probes.comparison.scores import Classes

NAMES = ("benign", "malignant", "unclear")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return replace(load_policy(), resamples=1000)


def row(role: Any, item: int, target: str, given: str | None, **tags: str) -> Observation:
    right = given == target
    outcome: Any = "unparsed" if given is None else "correct" if right else "wrong"
    cluster = tags.pop("cluster", f"p{item}")
    return Observation(
        "comparison", f"q{item}", cluster, role, "strict", outcome, float(right), given, target,
        tags={"answer_type": "closed", **tags},
    )  # fmt: skip


@pytest.fixture(scope="module")
def answers() -> list[Observation]:
    """300 questions: the model is better on average, and worse at site B."""
    rng = np.random.default_rng(1)
    rows = []
    for item in range(300):
        target, site = NAMES[item % 3], "B" if item % 5 == 0 else "A"
        for role, miss in (("model", 0.5 if site == "B" else 0.05), ("base", 0.1 if site == "B" else 0.4)):
            other = NAMES[(item + 1 + rng.integers(2)) % 3]
            given = None if rng.random() < 0.02 else other if rng.random() < miss else target
            rows.append(row(role, item, target, given, **{"slice.site": site}))
    return rows


def findings(rows: Sequence[Observation], policy: Policy, wanted: Wanted | None = None) -> dict[tuple[str, ...], Any]:
    seen = (*rows, *together(rows))
    drafts = conclude("comparison", measures_of(seen, wanted or Wanted()), seen, policy, 0)
    made = decide(drafts, policy, probes=("comparison",))
    return {(f.metric, f.comparison, str(f.model), f.tags.get("slice") or f.tags.get("cell") or ""): f for f in made}


def right(rows: Sequence[Observation], role: str, where: str = "") -> np.ndarray:
    kept = [r for r in rows if r.model == role and (not where or r.tags["slice.site"] == where)]
    return np.array([r.outcome == "correct" for r in kept])


def test_scores_and_differences_are_counts(answers: list[Observation], policy: Policy) -> None:
    found = findings(answers, policy)
    model, base = right(answers, "model"), right(answers, "base")
    assert found["comparison.accuracy", "absolute", "model", ""].estimate == pytest.approx(model.mean())
    difference = found["comparison.accuracy", "vs_base", "model", ""]
    assert difference.estimate == pytest.approx(model.mean() - base.mean())
    assert difference.mde is not None
    assert difference.tags["outcome"] == "win"
    assert difference.equivalence is not None
    assert {f.role for f in found.values()} == {"exploratory"}, "the default policy names no endpoint of a comparison"


def test_unread_answers_are_not_correct_and_bounded_both_ways(answers: list[Observation], policy: Policy) -> None:
    found = findings(answers, policy)
    unread = sum(r.outcome == "unparsed" for r in answers if r.model == "model")
    for metric in ("accuracy", "balanced_accuracy", "macro_f1"):
        finding = found[f"comparison.{metric}", "absolute", "model", ""]
        assert finding.n_unjudged == unread > 0
        assert float(finding.tags["bound_worst"]) == pytest.approx(finding.estimate, abs=1e-4)
        assert float(finding.tags["bound_best"]) > finding.estimate
    assert found["comparison.parse_rate", "absolute", "model", ""].estimate == pytest.approx(1 - unread / 300)


def test_the_table_forgetting_and_learning(answers: list[Observation], policy: Policy) -> None:
    found = findings(answers, policy)
    model, base = right(answers, "model"), right(answers, "base")
    for cell, share in (("both", model & base), ("only_model", model & ~base), ("only_base", ~model & base),
                        ("neither", ~model & ~base)):  # fmt: skip
        assert found["comparison.agreement", "absolute", "model", cell].estimate == pytest.approx(share.mean())
    forgotten = found["comparison.forgetting", "absolute", "model", ""]
    assert forgotten.estimate == pytest.approx((~model & base).sum() / base.sum())
    lost = {f"q{item}" for item in np.flatnonzero(~model & base)}
    assert forgotten.item_ids
    assert set(forgotten.item_ids) <= lost
    learnt = found["comparison.learning", "absolute", "model", ""]
    assert learnt.estimate == pytest.approx((model & ~base).sum() / (~base).sum())


def test_a_win_on_average_that_is_a_loss_in_a_slice(answers: list[Observation], policy: Policy) -> None:
    found = findings(answers, policy)
    harmed = found["comparison.accuracy", "vs_base", "model", "site=B"]
    assert harmed.tags["outcome"] == "loss"
    assert harmed.tags["flag"] == "worse"
    assert found["comparison.accuracy", "vs_base", "model", ""].tags["outcome"] == "win"
    gap = [right(answers, role, site).mean() for role in ("model", "base") for site in ("A", "B")]
    expected = (gap[0] - gap[1]) - (gap[2] - gap[3])
    assert found["comparison.accuracy", "did", "model", "site=A"].estimate == pytest.approx(expected)


def test_several_answers_to_a_cluster_are_told_and_not_tested_by_mcnemar(answers: list[Observation]) -> None:
    assert Table.of(together(answers)).single
    shared = [replace(one, cluster="same" if one.item in ("q1", "q2") else one.cluster) for one in answers]
    table = Table.of(together(shared))
    assert not table.single
    assert "sign-flip" in table.words


def test_missing_answers_are_in_no_pair(answers: list[Observation]) -> None:
    first = replace(answers[0], outcome="error", value=None)
    assert len(together([first, *answers[1:]])) == 299


def test_classes_are_what_occurs_as_a_right_answer() -> None:
    classes = Classes(("a", "b"))
    assert classes.table_row(row("model", 1, "a", "a")) == (1, 0, 0, 0, 0, 0)
    assert classes.table_row(row("model", 1, "a", "b")) == (0, 0, 0, 1, 1, 0)
    assert classes.table_row(row("model", 1, "a", None)) == (0, 0, 0, 0, 1, 0)
    assert classes.table_row(row("model", 1, "a", "elsewhere")) == (0, 0, 0, 0, 1, 0)
    assert classes.recall_row(row("model", 1, "b", "a")) == (0, 0, 0, 1)


def test_questions_with_an_answer_each_have_no_classes(policy: Policy) -> None:
    rows = [row(role, i, f"answer {i}", f"answer {i}") for i in range(30) for role in ("model", "base")]
    assert "no classes" in why_no_classes(rows)
    metrics = {key[0] for key in findings(rows, policy)}
    assert "comparison.accuracy" in metrics
    assert "comparison.macro_f1" not in metrics


def test_only_the_metrics_that_are_wanted(answers: list[Observation], policy: Policy) -> None:
    found = findings(answers, policy, Wanted(metrics=("macro_f1",), slices=False))
    scores = {key[0] for key in found} & {"comparison.accuracy", "comparison.balanced_accuracy", "comparison.macro_f1"}
    assert scores == {"comparison.macro_f1"}


def test_a_policy_can_name_a_comparison_as_endpoint(answers: list[Observation], policy: Policy) -> None:
    named = Endpoint("comparison.macro_f1", "strict", "vs_base", "at_least")
    found = findings(answers, replace(policy, primary=(named,)))
    finding = found["comparison.macro_f1", "vs_base", "model", ""]
    assert (finding.role, finding.verdict) == ("primary", "pass")
