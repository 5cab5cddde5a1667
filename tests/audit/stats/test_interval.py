import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from audit.stats.interval import SMALLEST_P, Interval, difference_bounds, invert


@pytest.mark.parametrize(("low", "high"), [(0.5, 0.5), (0.6, 0.5), (math.nan, 1.0), (0.0, math.inf)])
def test_an_interval_without_width_cannot_be_made(low, high):
    with pytest.raises(ValueError, match="low < high"):
        Interval(low, high, 0.95, "x")


def test_difference_of_two_normal_intervals_adds_their_variances():
    first, second = Interval(2 - 0.3, 2 + 0.3, 0.95, "z"), Interval(1 - 0.4, 1 + 0.4, 0.95, "z")
    assert difference_bounds(2, first, 1, second) == pytest.approx((0.5, 1.5))


def wald(level):
    reach = norm.ppf((1 + level) / 2)
    return Interval(1 - reach, 1 + reach, level, "z")


@given(st.floats(-3, 5))
def test_inverting_a_normal_interval_gives_its_test(value):
    above, below = invert(wald, value)
    for got, exact in ((above, norm.sf(1 - value)), (below, norm.cdf(1 - value))):
        if exact < 0.4999:
            assert got == pytest.approx(exact, rel=1e-5)
        elif exact > 0.5001:
            assert got == 1.0


def test_inversion_ends_at_the_smallest_p_and_without_an_interval_has_none():
    assert invert(wald, -1e6) == (SMALLEST_P, 1.0)
    assert all(math.isnan(p) for p in invert(lambda level: None, 0.0))
