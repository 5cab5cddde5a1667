"""Exact intervals of counts, against scipy."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from audit.app.selftest.tally import Tally


@given(st.integers(0, 400).flatmap(lambda runs: st.tuples(st.integers(0, runs), st.just(runs))))
def test_the_interval_is_clopper_and_pearsons(pair: tuple[int, int]) -> None:
    hits, runs = pair
    tally = Tally(hits, runs)
    if runs == 0:
        assert (tally.low, tally.high) == (0, 1)
        assert math.isnan(tally.share)
        return
    exact = binomtest(hits, runs).proportion_ci(method="exact")
    assert tally.low == pytest.approx(exact.low, abs=1e-9)
    assert tally.high == pytest.approx(exact.high, abs=1e-9)


def test_words() -> None:
    assert Tally(57, 60).words == "57 of 60 (0.861 to 0.990)"
    assert Tally(57, 60).plain() == {"hits": 57, "runs": 60, "low": 0.86076, "high": 0.98957}
