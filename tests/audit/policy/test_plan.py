from __future__ import annotations

import math
from typing import Any

import pytest
from scipy.stats import norm

from audit.policy.plan import minimum_detectable


def test_closed_form(toy: Any) -> None:
    plan = minimum_detectable(240, 60, toy.policy(toy.endpoint(), toy.endpoint("toy.b")))
    effect = 1 + (4 - 1) * 0.1
    reach = norm.isf(0.0125) + norm.isf(0.2)
    assert plan.share == pytest.approx(reach * math.sqrt(0.8 * 0.2 * effect / 240))
    assert plan.difference == pytest.approx(reach * math.sqrt(0.2 * effect / 240))
    assert plan.share_clusters == math.ceil(60 * (plan.share / 0.05) ** 2)
    assert not plan.few
    assert "over 2 primary endpoints" in plan.sentences[2]
    assert f"about {plan.share_clusters} clusters" in plan.sentences[0]


def test_the_clusters_it_names_are_enough(toy: Any) -> None:
    policy = toy.policy(toy.endpoint())
    plan = minimum_detectable(240, 60, policy)
    assert plan.share_clusters is not None
    assert minimum_detectable(4 * plan.share_clusters, plan.share_clusters, policy).share <= 0.05  # type: ignore[operator]
    fewer = plan.share_clusters - 1
    assert minimum_detectable(4 * fewer, fewer, policy).share > 0.05  # type: ignore[operator]


def test_unequal_clusters_are_worth_less(toy: Any) -> None:
    policy = toy.policy(toy.endpoint())
    equal = minimum_detectable(240, 24, policy)
    unequal = minimum_detectable(240, 24, policy, sizes=[125] + [5] * 23)
    assert unequal.share > equal.share  # type: ignore[operator]
    assert (equal.few, unequal.few) == (False, True)
    assert "below 20 nothing can pass" in unequal.sentences[-1]


@pytest.mark.parametrize(("items", "clusters"), [(0, 0), (5, 1)])
def test_one_cluster_tests_nothing(toy: Any, items: int, clusters: int) -> None:
    plan = minimum_detectable(items, clusters, toy.policy())
    assert (plan.share, plan.difference, plan.few) == (None, None, True)
    assert "nothing can be tested" in plan.sentences[0]


def test_more_clusters_than_items_is_an_error(toy: Any) -> None:
    with pytest.raises(ValueError, match="n_clusters <= n_items"):
        minimum_detectable(5, 6, toy.policy())
