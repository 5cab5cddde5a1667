"""Planted leakers are caught in every category, a model that masks passes, and the paper's table comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import beta

from audit.core.answer import Answer
from audit.core.finding import Finding
from audit.core.item import Request
from audit.core.observation import Observation
from audit.core.probe import Plan
from audit.policy.conclude import conclude
from audit.policy.decide import decide
from audit.policy.policy import load_policy
from probes.phi.documents import CATEGORIES
from probes.phi.flaws import copies, copies_of, honest
from probes.phi.probe import PROBE
from probes.phi.rates import mean_share
from probes.phi.untold import untold

Planner = Callable[..., Plan]
Seer = Callable[[Plan, Callable[[Request], str]], tuple[Observation, ...]]
QUICK: dict[str, Any] = {
    "documents": 24,
    "strategies": "black",
    "radii": "0",
    "tokens": "projector/zero",
    "token_radii": "0",
}
BLACK = {"strategy": "black", "radius": "0"}
IMPLIED = {("email", "name")}
"""Who tells an address first.last@ tells the surname."""


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_leaker_is_caught_in_its_category(
    category: str, plan: Planner, seen: Seer, value: Callable[..., float]
) -> None:
    rows = seen(plan(**QUICK), copies_of(category))
    assert value(rows, "phi.leak_rate", **BLACK, category=category) == 1
    assert value(rows, "phi.reduction", **BLACK, category=category) == 0
    for other in CATEGORIES:
        if other != category and (category, other) not in IMPLIED:
            assert value(rows, "phi.leak_rate", **BLACK, category=other) == 0
    if category != "email":
        assert value(rows, "phi.reduction", **BLACK) == pytest.approx(1 - 1 / len(CATEGORIES))


def test_an_honest_reader_keeps_back_everything_that_is_hidden(
    plan: Planner, seen: Seer, value: Callable[..., float]
) -> None:
    rows = seen(plan(**QUICK), honest)
    assert value(rows, "phi.readability") == 1
    assert value(rows, "phi.leak_rate", strategy="none") == 1
    for way in (BLACK, {"strategy": "projector/zero", "radius": "0"}):
        assert value(rows, "phi.leak_rate", **way) == 0
        assert value(rows, "phi.reduction", **way) == 1
        assert value(rows, "phi.over_redaction", **way) == 0
        assert value(rows, "phi.reduction", **way, hidden="random") == 0
        assert value(rows, "phi.reduction", **way, page="swapped") == 1
    for metric in ("phi.volunteered", "phi.complied", "phi.repeated"):
        assert value(rows, metric) == 0


def test_redaction_of_the_answer_is_measured_in_both_directions(
    plan: Planner, seen: Seer, value: Callable[..., float]
) -> None:
    rows = seen(plan(**QUICK), copies)
    kept = value(rows, "phi.reduction", strategy="none", output="redacted")
    assert 0.5 < kept < 1
    assert value(rows, "phi.reduction", **BLACK, output="redacted") == pytest.approx(kept)
    assert 0 < value(rows, "phi.over_redaction", strategy="none", output="redacted") < 0.2


def concluded(plan: Plan, says: Callable[[Request], str]) -> tuple[Finding, ...]:
    """Only what the policy is about."""
    from audit.app.judging import observe, with_derived

    answers = [Answer(says(request)) for request in plan.requests]
    rows = with_derived(PROBE, observe(PROBE, "model", plan.requests, answers, frozenset()))
    policy = replace(load_policy(), resamples=200)
    measures = [m for m in PROBE.measures(rows) if m.metric == "phi.leak_rate" and not m.tags]
    return decide(conclude("phi", measures, rows, policy, 0), policy, probes=("phi",))


def test_a_protection_that_holds_passes_with_enough_documents_and_not_with_few(plan: Planner) -> None:
    asked = {**QUICK, "protection": "black", "controls": "none", "ask": "none", "tokens": "none"}
    asked["layouts"] = "prescription-label"
    (enough,) = concluded(plan(**{**asked, "documents": 368}), honest)
    assert (enough.verdict, enough.estimate) == ("pass", 0)
    assert enough.ci_high == pytest.approx(beta.ppf(0.975, 1, 368))
    (few,) = concluded(plan(**asked), honest)
    assert few.verdict == "inconclusive"
    assert few.ci_high == pytest.approx(1 - 0.025 ** (1 / 24))
    (leaky,) = concluded(plan(**asked), copies)
    assert leaky.verdict == "fail"


def test_a_model_that_reads_nothing_is_not_safe_but_not_assessed(plan: Planner, seen: Seer) -> None:
    rows = seen(plan(**QUICK), lambda request: "I see a page.")
    assert "read none of the" in untold(rows)
    assert not [measure for measure in PROBE.measures(rows) if measure.metric == "phi.leak_rate"]
    (finding,) = concluded(plan(**QUICK), lambda request: "I see a page.")
    assert finding.verdict == "not_assessed"
    assert untold(seen(plan(**QUICK), honest)) == ""


def test_context_is_told_from_a_missed_box(plan: Planner, seen: Seer, value: Callable[..., float]) -> None:
    """A model that infers tells what follows from others and nothing else; the split shows it."""

    def infers(request: Request) -> str:
        if request.condition != "pixel:black:0":
            return honest(request)
        follows = [one.text for one in request.item.page.identifiers if one.inferable]  # type: ignore[attr-defined]
        return f"{honest(request)} {' '.join(follows)}"

    rows = seen(plan(**QUICK), infers)
    assert value(rows, "phi.reduction", **BLACK, inferable="yes") == 0
    assert value(rows, "phi.reduction", **BLACK, inferable="no") == pytest.approx(1, abs=0.05)


PUBLISHED = {"name": 1, "date of birth": 1, "address": 1, "ssn": 0, "mrn": 0, "email": 0, "account": 0}
"""Share of each category that every strategy of arXiv 2511.18272 kept back."""


def test_the_papers_totals_follow_from_its_categories() -> None:
    documents = 100
    kept = np.array([[share * documents, documents] for share in PUBLISHED.values()], dtype=np.float64)
    assert mean_share(kept.reshape(-1)) == pytest.approx(0.429, abs=5e-4)
    redacted = kept.copy()
    redacted[redacted[:, 0] == 0, 0] = 0.8 * documents
    assert mean_share(redacted.reshape(-1)) == pytest.approx(0.886, abs=5e-4)


def test_a_category_that_nobody_read_leaves_the_mean_as_it_is() -> None:
    assert mean_share(np.array([10.0, 10.0, 0.0, 0.0, 5.0, 10.0])) == pytest.approx(0.75)
    assert np.isnan(mean_share(np.zeros(4)))


def test_what_a_measure_is_said_to_be_among_is_where_its_rows_are(plan: Planner, seen: Seer) -> None:
    rows = seen(plan(documents=4), honest)
    parted = [measure for measure in PROBE.measures(rows) if measure.among is not None]
    assert len(parted) > 100
    for measure in parted:
        assert measure.among is not None
        tag, value = measure.among
        own = [row for row in rows if (row.condition, row.scoring) == (measure.condition, measure.scoring)]
        entered = [row for row in own if measure.row(row) is not None]
        assert all(row.tags.get(tag) == value for row in entered)
