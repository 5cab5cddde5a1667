"""Cramer's V: against scipy, and planted as asked."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats.contingency import association

from audit.app.benching.association import cramers_v, planted


@pytest.mark.parametrize("seed", range(10))
def test_v_is_that_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.random(60) < 0.4, rng.random(60) < 0.6
    table = np.array([[np.count_nonzero((one == a) & (other == b)) for b in (0, 1)] for a in (0, 1)])
    assert cramers_v(one, other) == pytest.approx(association(table, method="cramer"))


def test_closed_forms() -> None:
    one = np.array([True, True, False, False])
    assert cramers_v(one, one) == cramers_v(one, ~one) == 1
    assert cramers_v(one, np.array([True, False, True, False])) == 0
    assert cramers_v(one, np.ones(4, dtype=bool)) == 0


@pytest.mark.parametrize("v", [0.0, 0.7, 0.9, 0.99, 1.0])
def test_the_feature_is_planted_at_the_v_and_the_margin_asked_for(v: float) -> None:
    rng = np.random.default_rng(1)
    labels = np.arange(50_000) % 10
    has = planted(labels, 3, v, 0.1, rng)
    assert cramers_v(labels == 3, has) == pytest.approx(v, abs=0.015)
    assert has.mean() == pytest.approx(0.1, abs=0.005)


@pytest.mark.parametrize(("v", "share"), [(-0.1, 0.1), (1.1, 0.1), (0.5, 0.0), (0.5, 1.0)])
def test_impossible_wishes_are_refused(v: float, share: float) -> None:
    with pytest.raises(ValueError, match="Expected 0 <= v <= 1"):
        planted(np.zeros(3, dtype=np.intp), 0, v, share, np.random.default_rng(0))
