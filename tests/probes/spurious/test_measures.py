from __future__ import annotations

from collections.abc import Callable

import numpy as np

from audit.core.contrast import AgainstCondition, FlipRate, OwnTest
from audit.core.item import Request
from audit.core.observation import Observation
from probes.spurious.flaws import marker_follower
from probes.spurious.measures import measures_of


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


def test_nothing_said_is_nothing_measured() -> None:
    assert measures_of([]) == ()
