import math

import numpy as np
import pytest

from audit.core.measure import share
from audit.stats.proportion import korn_graubard
from audit.stats.ratio import METHOD_BY_SIDE, ratio

RNG = np.random.default_rng


def other_share(totals):
    return totals[..., 0] / totals[..., 1]


def both(seed, p=(0.6, 0.8), clusters=200):
    rng = RNG(seed)
    sizes = np.full(clusters, 4)
    return tuple(np.column_stack([rng.binomial(sizes, q), sizes]).astype(float) for q in p)


def test_interval_is_that_of_the_delta_method_on_the_log_scale():
    above, below = both(1)
    result = ratio(above, below, share, RNG(0), 20_000)
    y, x = above[:, 0] / 4, below[:, 0] / 4
    spread = np.std(y / y.mean() - x / x.mean(), ddof=1) / math.sqrt(200)
    assert result.estimate == pytest.approx(y.mean() / x.mean())
    assert math.log(result.interval.low) == pytest.approx(math.log(result.estimate) - 1.97 * spread, abs=0.01)
    assert math.log(result.interval.high) == pytest.approx(math.log(result.estimate) + 1.97 * spread, abs=0.01)
    assert result.p < 0.05


def test_turning_the_ratio_round_turns_the_interval_round():
    above, below = both(2)
    one, two = ratio(above, below, share, RNG(0), 4000), ratio(below, above, share, RNG(0), 4000)
    assert one.estimate == pytest.approx(1 / two.estimate)
    assert one.interval.low == pytest.approx(1 / two.interval.high, rel=0.01)


def test_a_denominator_that_may_be_chance_keeps_the_ratio_back():
    above, below = both(3, p=(0.5, 0.53), clusters=60)
    result = ratio(above, below, share, RNG(0), 500, chance=0.5)
    assert (result.estimate, result.interval) == (None, None)
    assert result.reason == "the denominator's interval reaches chance"
    assert result.denominator == korn_graubard(below).interval
    assert ratio(above, below, share, RNG(0), 500).estimate is not None


def test_a_denominator_that_may_be_zero_keeps_the_ratio_back():
    above, below = both(4)
    below[:, 0] = 0
    assert ratio(above, below, share, RNG(0), 500).reason == "the denominator's interval reaches zero"
    single = ratio(above[:1], both(4)[1][:1], share, RNG(0), 500)
    assert single.reason == "the denominator has no interval"


def test_a_numerator_of_zero_has_no_ratio():
    above, below = both(5)
    above[:, 0] = 0
    result = ratio(above, below, share, RNG(0), 500)
    assert result.reason == "the numerator is zero or undefined"
    assert math.isnan(result.p)
    assert result.interval_at(0.9) is None


def test_a_side_without_a_single_error_keeps_its_uncertainty():
    above, below = both(6, clusters=40)
    below[:, 0] = below[:, 1]
    result = ratio(above, below, share, RNG(0), 500)
    assert result.interval.method == METHOD_BY_SIDE
    assert result.interval.high > korn_graubard(above).interval.high
    assert ratio(above, below, other_share, RNG(0), 500).interval is None


def test_arms_of_different_shape_are_refused():
    with pytest.raises(ValueError, match="same shape"):
        ratio(np.ones((3, 2)), np.ones((4, 2)), share, RNG(0), 10)
