from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from audit.core.contrast import BetweenSlices, OwnTest
from audit.core.item import Request
from audit.core.measure import Measure, share
from audit.core.observation import Observation
from probes.spurious.association import Halves, compared
from probes.spurious.conditions import is_nuisance
from probes.spurious.flaws import marker_follower
from probes.spurious.measures import measures_of


def honest(request: Request) -> str:
    return request.item.target


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
    rows = observed(honest)
    assert all(is_nuisance(name) for name in compared(rows, Halves.of(rows)))


def test_influence_is_a_share_of_wrong_images_of_one_class(observed: Callable[..., list[Observation]]) -> None:
    rows = observed(marker_follower)
    found = [m for m in measures_of(rows) if m.metric == "spurious.influence" and is_nuisance(m.tags["cluster"])]
    assert found
    influence: Measure = found[0]
    entering = [(r, row) for r in rows if r.condition == "clean" and (row := influence.row(r)) is not None]
    assert entering
    assert {r.tags["class"] for r, _ in entering} == {influence.title.rpartition(" ")[2]}
    assert all(r.value == 0 and r.tags["half"] == "estimation" for r, _ in entering)
    assert float(influence.statistic(np.sum([row for _, row in entering], axis=0))) == 1.0  # the mark says it, always
    assert influence.statistic is share
