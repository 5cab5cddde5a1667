"""Kendall's tau-b against its definition, and its interval against coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.stats.rank import rank_agreement

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=30)


def by_definition(one: np.ndarray, two: np.ndarray) -> float:
    upper = np.triu_indices(len(one), 1)
    first, second = (np.sign(x[:, None] - x[None, :])[upper] for x in (one, two))
    return float((first * second).sum() / np.sqrt(np.abs(first).sum() * np.abs(second).sum()))


@given(PAIRS)
def test_tau_is_what_it_is_defined_as(pairs: list[tuple[int, int]]) -> None:
    one, two = np.array(pairs, dtype=float).T
    found = rank_agreement(one, two, [str(i) for i in range(len(pairs))], np.random.default_rng(0), 0)
    if np.ptp(one) == 0 or np.ptp(two) == 0:
        assert found.tau is None
    else:
        assert found.tau == pytest.approx(by_definition(one, two))


def test_the_interval_covers() -> None:
    """tau of bivariate normals is 2/pi arcsin(rho); 95% intervals of 120 clusters cover it about that often."""
    rho, hits = 0.6, 0
    true = 2 / np.pi * np.arcsin(rho)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=120)
        y = rho * x + np.sqrt(1 - rho**2) * rng.normal(size=120)
        found = rank_agreement(x, y, [str(i) for i in range(120)], rng, 200)
        assert found.interval is not None
        hits += found.interval.covers(float(true))
    assert 34 <= hits <= 40


def test_few_clusters_have_no_interval() -> None:
    rng = np.random.default_rng(0)
    found = rank_agreement(np.arange(40), np.arange(40), [str(i % 9) for i in range(40)], rng, 100)
    assert (found.tau, found.interval, found.n_clusters) == (1.0, None, 9)
    with pytest.raises(ValueError, match="equal lengths"):
        rank_agreement([1, 2], [1], ["a", "b"], rng)
