import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import ttost_paired

from audit.core.measure import share
from audit.stats.bootstrap import METHOD_EXPANDED
from audit.stats.clusters import kish
from audit.stats.disagreement import METHOD
from audit.stats.paired import mcnemar_exact, noninferior, paired, tost

RNG = np.random.default_rng


def single(plus, minus, clusters):
    """Clusters of one item: `plus` that only a has right, `minus` that only b has, the rest right in both."""
    a, b = np.ones(clusters), np.ones(clusters)
    b[:plus], a[plus : plus + minus] = 0, 0
    return np.column_stack([a, np.ones(clusters)]), np.column_stack([b, np.ones(clusters)])


def noisy(seed, clusters=60, gain=0.1):
    rng = RNG(seed)
    sizes = rng.integers(2, 9, clusters)
    a, b = rng.binomial(sizes, 0.6 + gain), rng.binomial(sizes, 0.6)
    return np.column_stack([a, sizes]).astype(float), np.column_stack([b, sizes]).astype(float)


def balanced(totals):
    return (share(totals[..., :2]) + share(totals[..., 2:])) / 2


def test_the_difference_is_that_of_the_arms_and_single_items_get_mcnemar():
    result = paired(*single(12, 4, 50), share, RNG(0), 500)
    assert result.estimate == pytest.approx(8 / 50)
    assert result.n_disagreeing_clusters == 16
    assert result.p == pytest.approx(mcnemar_exact(12, 4))


def test_pairing_is_kept():
    """The same noise in both arms cancels: the interval is far narrower than that of independent arms."""
    rng = RNG(1)
    sizes = np.full(80, 10.0)
    ability = rng.binomial(10, rng.beta(1, 1, 80)).astype(float)
    gain = np.minimum(10 - ability, rng.integers(0, 2, 80))
    a, b = np.column_stack([ability + gain, sizes]), np.column_stack([ability, sizes])
    together = paired(a, b, share, RNG(2), 2000).interval
    apart = math.hypot(*(np.std(x[:, 0] / 10, ddof=1) / math.sqrt(80) for x in (a, b)))
    assert together.high - together.low < 0.35 * 2 * 1.96 * apart


def test_se_is_the_closed_form_of_a_paired_mean():
    a, b = noisy(3)
    a[:, 1] = b[:, 1] = 8  # equal denominators: the difference is a mean over clusters
    result = paired(a, b, share, RNG(0), 20_000)
    assert not result.few_disagree
    assert result.interval.method == METHOD_EXPANDED
    assert result.se == pytest.approx(np.std((a - b)[:, 0] / 8) / math.sqrt(60), rel=0.03)


@pytest.mark.parametrize("clusters", [2, 30, 400])
def test_no_disagreement_still_has_width(clusters):
    result = paired(*single(0, 0, clusters), share, RNG(0), 200)
    upper = 1 - 0.025 ** (1 / clusters)  # Clopper-Pearson for 0 of n, in either direction
    assert result.interval.method == METHOD
    # The lower bound of the other direction is 0 and adds nothing.
    assert (result.interval.low, result.interval.high) == pytest.approx((-upper, upper))
    assert result.p == 1
    assert result.se > 0


def test_one_cluster_has_neither_interval_nor_evidence():
    result = paired(*(side[:1] for side in noisy(1)), share, RNG(0), 100)
    assert result.interval is None
    assert result.p == 1
    assert not tost(result, 0.5).equivalent
    assert math.isnan(tost(result, 0.5).p)
    assert not noninferior(result, 0.5).noninferior
    assert noninferior(result, 0.5).bound is None


@settings(max_examples=60)
@given(st.integers(0, 25), st.integers(0, 25), st.integers(55, 200), st.floats(0.5, 0.99))
def test_an_interval_always_has_width_and_holds_the_estimate(plus, minus, clusters, level):
    result = paired(*single(plus, minus, clusters), share, RNG(0), 300)
    interval = result.interval_at(level)
    assert interval.low < interval.high
    assert interval.low - 1e-9 <= result.estimate <= interval.high + 1e-9
    assert result.few_disagree == (plus + minus < 15)


@settings(max_examples=60)
@given(st.integers(0, 7), st.integers(0, 7), st.integers(20, 200))
def test_exchanging_the_arms_mirrors_the_exact_interval(plus, minus, clusters):
    a, b = single(plus, minus, clusters)
    one, two = (paired(*arms, share, RNG(0), 50).interval for arms in ((a, b), (b, a)))
    assert one.low == pytest.approx(-two.high)
    assert one.high == pytest.approx(-two.low)


def test_few_is_judged_by_what_the_disagreeing_clusters_are_worth():
    sizes = np.array([100.0] + [1.0] * 99)
    a = np.column_stack([np.where(np.arange(100) < 20, sizes, 0), sizes])
    b = np.column_stack([np.zeros(100), sizes])
    result = paired(a, b, share, RNG(0), 200)
    assert kish(a[:20, 0]) < 2
    assert result.few_disagree
    assert result.n_disagreeing_clusters == 20


def test_a_statistic_that_is_not_additive_has_an_exact_interval_too():
    rng = RNG(4)
    positives = rng.integers(0, 2, 100).astype(float)
    truth = np.column_stack([positives, positives, 1 - positives, 1 - positives])
    other = truth.copy()
    other[np.flatnonzero(positives)[0], 0] = 0
    result = paired(truth, other, balanced, RNG(0), 300)
    assert result.few_disagree
    assert result.estimate == pytest.approx(0.5 / positives.sum())
    assert result.interval.low < 0 < result.estimate < result.interval.high


@pytest.mark.parametrize(("a", "b"), [(np.ones((3, 2)), np.ones((4, 2))), (np.ones(3), np.ones(3))])
def test_arms_of_different_shape_are_refused(a, b):
    with pytest.raises(ValueError, match="same shape"):
        paired(a, b, share, RNG(0), 10)


def test_tost_agrees_with_statsmodels_for_a_mean_over_many_clusters():
    rng = RNG(8)
    sizes = np.full(300, 10.0)
    ability = rng.random(300) * 8
    a, b = ability + rng.random(300) * 2, ability + rng.random(300) * 2
    result = paired(np.column_stack([a, sizes]), np.column_stack([b, sizes]), share, RNG(0), 20_000)
    for margin in (0.012, 0.015, 0.02):
        theirs = ttost_paired(a / 10, b / 10, -margin, margin)[0]
        assert tost(result, margin).p == pytest.approx(theirs, abs=0.01)


contrasts = st.integers(0, 300).map(
    lambda seed: paired(
        *(noisy(seed, gain=0.05) if seed % 2 else single(seed % 9, seed % 5, 90)), share, RNG(seed), 400
    )
)


@settings(max_examples=40)
@given(contrasts, st.floats(0.01, 0.2))
def test_equivalence_is_the_90_percent_interval_inside_the_margin(result, margin):
    verdict = tost(result, margin)
    assert verdict.equivalent == (-margin < verdict.interval90.low and verdict.interval90.high < margin)
    if abs(verdict.p - 0.05) > 1e-6:
        assert verdict.equivalent == (verdict.p < 0.05)


@settings(max_examples=40)
@given(contrasts, st.floats(0.01, 0.2), st.sampled_from(["higher", "lower"]))
def test_noninferiority_is_the_bound_on_the_side_of_harm(result, margin, direction):
    verdict = noninferior(result, margin, direction)
    interval = result.interval_at(0.95)
    if direction == "higher":
        assert verdict.bound == interval.low
        assert verdict.noninferior == (interval.low > -margin)
    else:
        assert verdict.bound == interval.high
        assert verdict.noninferior == (interval.high < margin)
    if abs(verdict.p - 0.025) > 1e-6:
        assert verdict.noninferior == (verdict.p < 0.025)


@settings(max_examples=40)
@given(contrasts, st.floats(0.01, 0.2), st.floats(0.0, 0.2))
def test_a_wider_margin_never_undoes_equivalence(result, margin, more):
    assert tost(result, margin + more).equivalent >= tost(result, margin).equivalent
    assert tost(result, margin + more).p <= tost(result, margin).p + 1e-9


def test_a_margin_or_direction_that_means_nothing_is_refused():
    result = paired(*single(2, 1, 30), share, RNG(0), 50)
    for bad in (0.0, -0.1, math.nan):
        with pytest.raises(ValueError, match="margin"):
            tost(result, bad)
        with pytest.raises(ValueError, match="margin"):
            noninferior(result, bad)
    with pytest.raises(ValueError, match="direction"):
        noninferior(result, 0.1, "up")


def test_few_disagreements_in_a_statistic_that_is_no_sum_are_never_bounded_more_tightly_than_by_resampling():
    """Macro-F1 varies with the items on which both agree, of which the directions of disagreement know nothing."""
    from audit.stats.bootstrap import bca
    from audit.stats.classes import macro_f1

    rng = np.random.default_rng(3)
    target = rng.integers(0, 3, 60)
    arms = []
    for miss in (0.05, 0.15):
        given = np.where(rng.random(60) < miss, (target + 1) % 3, target)
        right = (target == given)[:, None]
        arms.append(np.hstack([np.eye(3)[target] * right, np.eye(3)[given] * ~right, np.eye(3)[target] * ~right]))
    found = paired(*arms, macro_f1, np.random.default_rng(0), 2000, sizes=np.ones(60))
    assert found.few_disagree
    assert not found.directions.additive
    for level in (0.9, 0.95, 0.99):
        interval, exact, resampled = (
            found.interval_at(level),
            found.directions.interval_at(level),
            bca(found.boot, level),
        )
        assert interval.low == min(exact.low, resampled.low)
        assert interval.high == max(exact.high, resampled.high)
    above, below = found.p_at(0.0)
    inner = found.interval_at(1 - 2 * min(above, below))
    assert min(abs(inner.low), abs(inner.high)) < 1e-3  # p inverts the interval


def test_shares_add_up():
    ones = np.ones(40)
    a, b = np.column_stack([ones, ones]), np.column_stack([np.r_[np.zeros(3), np.ones(37)], ones])
    assert paired(a, b, share, np.random.default_rng(0), 500).directions.additive


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 6), st.integers(0, 6), st.integers(20, 80), st.integers(1, 4))
def test_what_needs_no_replicates_is_the_same_without_them(plus, minus, clusters, size):
    a, b = (size * arm for arm in single(plus, minus, clusters))
    plain, drawn = (paired(a, b, share, RNG(1), 400, replicates=wanted) for wanted in (False, True))
    assert (len(plain.boot.replicates), len(drawn.boot.replicates)) == (0, 400)
    assert plain.few_disagree
    assert drawn.few_disagree
    assert (plain.estimate, plain.interval, plain.p) == (drawn.estimate, drawn.interval, drawn.p)
    assert plain.se == drawn.se
    assert plain.interval_at(0.9) == drawn.interval_at(0.9)
    assert plain.p_at(0.05) == drawn.p_at(0.05)
    np.testing.assert_array_equal(plain.boot.jackknife, drawn.boot.jackknife)
    assert plain.boot.kish_clusters == drawn.boot.kish_clusters


def test_what_is_drawn_is_not_kept_and_what_is_kept_is_not_touched():
    a, b = single(2, 1, 30)
    first = paired(a, b, share, RNG(0), 50)
    assert paired(a.copy(), b.copy(), share, RNG(9), 80) is first
    assert paired(a, b, share, RNG(0), 50, level=0.9).interval.level == 0.9
    a[0, 0] = 0
    changed = paired(a, b, share, RNG(0), 50)
    assert changed.estimate != first.estimate
    noisy_arms = noisy(5)
    assert len(paired(*noisy_arms, share, RNG(0), 50).boot.replicates) == 50
    one, two = (paired(*noisy_arms, share, RNG(seed), 50).boot.replicates for seed in (0, 1))
    assert not np.array_equal(one, two)


def test_sizes_tell_contrasts_of_equal_totals_apart():
    a, b = single(3, 0, 40)
    kinds = [paired(a, b, share, RNG(0), 50, sizes=sizes) for sizes in (None, np.ones(40), np.arange(1.0, 41))]
    assert kinds[0].interval == kinds[1].interval
    assert kinds[2].interval != kinds[1].interval
