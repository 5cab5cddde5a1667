from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from audit.core.answer import Answer
from audit.core.contrast import AgainstCondition, BetweenSlices, FlipRate, OwnTest
from audit.core.item import Request
from audit.core.observation import ModelRole, Observation
from audit.core.probe import Plan
from probes.spurious.conditions import is_nuisance
from probes.spurious.flaws import marker_follower
from probes.spurious.measures import compared, measures_of
from probes.spurious.probe import Spurious


@pytest.fixture(scope="module")
def observed(probe: Spurious, plan: Plan) -> Callable[..., list[Observation]]:
    def observe(answer: Callable[[Request], str], role: ModelRole = "model") -> list[Observation]:
        rows = [
            Observation.of("spurious", role, request, judgement)
            for request in plan.requests
            for judgement in probe.judge(request, Answer(answer(request)))
        ]
        return [*rows, *probe.derive(rows)]

    return observe


def honest(request: Request) -> str:
    return request.item.target


def test_one_accuracy_over_all_images(observed: Callable[..., list[Observation]]) -> None:
    rows = observed(honest)
    first = measures_of(rows)[0]
    assert (first.metric, first.null, first.headline) == ("spurious.accuracy", round(1 / 3, 4), True)
    totals = np.sum([first.row(r) for r in rows if r.condition == "clean"], axis=0)
    assert float(first.statistic(totals)) == 1.0


def test_an_honest_model_shows_no_gap_and_no_flip(observed: Callable[..., list[Observation]]) -> None:
    rows = observed(honest)
    made = measures_of(rows)
    assert not [m for m in made if isinstance(m, OwnTest)]  # nothing differs: no gap to test
    assert not any(row.value for row in rows if row.condition.startswith("flip"))
    assert [m for m in made if isinstance(m, FlipRate) and not m.tags]


def test_every_flip_rate_stands_beside_its_control(observed: Callable[..., list[Observation]]) -> None:
    rows = observed(marker_follower)
    conditions = {row.condition for row in rows}
    rates = [m for m in measures_of(rows) if isinstance(m, FlipRate) and m.metric == "spurious.flip_rate"]
    contrasts = {(m.condition, m.reference) for m in measures_of(rows) if isinstance(m, AgainstCondition)}
    assert rates
    for rate in rates:
        assert rate.condition in conditions
        assert rate.control in conditions
        if rate.tags:
            assert (rate.condition, rate.control) in contrasts
            assert rate.tags["evidence"] == "counterfactual"


def test_association_is_called_association(observed: Callable[..., list[Observation]]) -> None:
    made = measures_of(observed(marker_follower))
    gaps = [m for m in made if isinstance(m, OwnTest | BetweenSlices)]
    assert {m.tags["evidence"] for m in gaps} == {"association"}
    own = next(m for m in gaps if isinstance(m, OwnTest) and is_nuisance(m.tags["cluster"]))
    p = own.test("model", np.random.default_rng(0))
    assert 0 < p < 0.01
    assert np.isnan(own.test("base", np.random.default_rng(0)))
    assert "not that it causes them" in own.tested


def test_the_gap_is_that_of_the_rows(observed: Callable[..., list[Observation]]) -> None:
    rows = observed(marker_follower)
    own = next(m for m in measures_of(rows) if isinstance(m, OwnTest) and is_nuisance(m.tags["cluster"]))
    inside = [r for r in rows if r.condition == "clean" and r.tags["half"] == "estimation"]
    total = 0.0
    for label in {r.tags["class"] for r in inside}:
        of_label = [r for r in inside if r.tags["class"] == label]
        having = [own.tags["cluster"] in r.tags["regions"].split() for r in of_label]
        sides = [
            [r.value or 0.0 for r, there in zip(of_label, having, strict=True) if there == side]
            for side in (True, False)
        ]
        n_in, n_out = map(len, sides)
        if n_in and n_out:
            total += abs(2 * min(n_in, n_out) / (n_in + n_out) * (np.mean(sides[0]) - np.mean(sides[1])))
    summed = np.sum([row for r in rows if r.condition == "clean" and (row := own.row(r)) is not None], axis=0)
    # The follower's gaps go the same way on both halves, so that the sum of absolute values is what is left.
    assert float(own.statistic(summed)) == pytest.approx(total)


def test_clusters_with_a_meaning_are_compared_only_where_the_rules_keep_them(
    observed: Callable[..., list[Observation]],
) -> None:
    assert all(is_nuisance(name) for name in compared(observed(honest)))


def test_nothing_said_is_nothing_measured() -> None:
    assert measures_of([]) == ()
