import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import bootstrap as scipy_bootstrap

from audit.core.measure import share
from audit.stats import bootstrap as module
from audit.stats.bootstrap import Bootstrap, bca, bca_p, bootstrap, still, two_sided


def totals_of(seed, clusters=50, graded=False):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 9, clusters).astype(float)
    right = rng.random(clusters) * sizes if graded else rng.binomial(sizes.astype(int), 0.6)
    return np.column_stack([right, sizes])


def made(replicates, estimate=None, jackknife=None, kish=40.0):
    values = np.asarray(replicates, dtype=float)
    centre = float(np.median(values)) if estimate is None else estimate
    left_out = np.array([centre, centre]) if jackknife is None else np.asarray(jackknife, dtype=float)
    return Bootstrap(centre, values, left_out, max(2, len(left_out)), kish)


@pytest.mark.parametrize("graded", [False, True])
def test_plain_bca_agrees_with_scipy(graded):
    """Two independent runs of 40,000: bounds near 0.5 differ by a standard deviation of about 0.001."""
    totals = totals_of(3, graded=graded)
    ours = bca(bootstrap(totals, share, np.random.default_rng(1), 40_000), expanded=False)
    theirs = scipy_bootstrap(
        (totals[:, 0], totals[:, 1]),
        lambda y, m, axis=-1: y.sum(axis=axis) / m.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=40_000,
        batch=2000,
        method="BCa",
        rng=np.random.default_rng(2),
    ).confidence_interval
    assert ours.low == pytest.approx(theirs.low, abs=0.004)
    assert ours.high == pytest.approx(theirs.high, abs=0.004)


def test_plain_bca_of_the_same_replicates_is_scipys_to_the_last_digit():
    """With continuous replicates the tie rule plays no part."""
    sample = np.random.default_rng(5).lognormal(size=30)
    theirs = scipy_bootstrap(
        (sample,),
        lambda x, axis=-1: np.mean(x, axis=axis),
        n_resamples=2000,
        method="BCa",
        rng=np.random.default_rng(6),
    )
    left_out = (sample.sum() - sample) / 29
    ours = bca(Bootstrap(sample.mean(), theirs.bootstrap_distribution, left_out, 30, 30.0), expanded=False)
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs.confidence_interval), abs=1e-12)


def test_replicates_have_the_mean_and_spread_of_the_closed_form():
    """For a sum over clusters: mean C * mean, variance C * population variance."""
    values = np.random.default_rng(0).normal(size=(60, 1))
    for data in (values, np.repeat(values[:3], 20, axis=0)):  # every cluster distinct; 3 kinds, drawn together
        boot = bootstrap(data, lambda sums: sums[..., 0], np.random.default_rng(1), 40_000)
        spread = math.sqrt(60) * data.std()
        assert boot.estimate == pytest.approx(data.sum())
        assert boot.replicates.mean() == pytest.approx(data.sum(), abs=5 * spread / 200)
        assert boot.replicates.std() == pytest.approx(spread, rel=0.02)
        np.testing.assert_allclose(boot.jackknife, data.sum() - data[:, 0])


def test_blocks_bound_memory_and_lose_no_draw(monkeypatch):
    whole = bootstrap(totals_of(1), share, np.random.default_rng(1), 101)
    graded = bootstrap(totals_of(1) / 3, share, np.random.default_rng(1), 101)
    monkeypatch.setattr(module, "BLOCK", 70)
    monkeypatch.setattr(module, "BLOCK_OF_COUNTS", 70)
    seen = []

    def noting(sums):
        seen.append(sums.shape)
        return share(sums)

    boot = bootstrap(totals_of(1), noting, np.random.default_rng(1), 101)
    assert len(boot.replicates) == 101
    np.testing.assert_array_equal(boot.replicates, whole.replicates)  # counts are summed exactly
    again = bootstrap(totals_of(1) / 3, share, np.random.default_rng(1), 101)
    np.testing.assert_allclose(again.replicates, graded.replicates, rtol=1e-12)
    assert max(shape[0] for shape in seen if len(shape) == 2 and shape != (50, 2)) <= 50


def test_equal_seeds_give_equal_replicates_and_other_seeds_others():
    one, two, other = (bootstrap(totals_of(1), share, np.random.default_rng(s), 50).replicates for s in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)


def test_only_clusters_alike_in_every_column_are_drawn_as_one():
    """Two arms that are each made of two kinds of cluster, but of four jointly."""
    a, b = np.tile([0.0, 1.0], 200), np.repeat([0.0, 1.0], 200)
    joint = np.column_stack([a, b])
    boot = bootstrap(joint, lambda sums: sums[..., 0] - sums[..., 1], np.random.default_rng(0), 20_000)
    assert boot.replicates.std() == pytest.approx(math.sqrt(400) * (a - b).std(), rel=0.03)


def test_ties_with_the_estimate_count_half():
    """A symmetric discrete distribution has no bias, however many replicates equal the estimate."""
    boot = made([-1] * 100 + [0] * 800 + [1] * 100, estimate=0.0)
    interval = bca(boot, 0.95)
    assert interval.low == -interval.high == -1


def test_rounding_in_graded_totals_counts_as_a_tie():
    noisy = np.array([-1.0] * 100 + [1e-17] * 400 + [-1e-17] * 400 + [1.0] * 100)
    clean = np.where(abs(noisy) < 0.5, 0, noisy)
    for one, two in zip(bca_p(made(noisy, 0.0), 0.0), bca_p(made(clean, 0.0), 0.0), strict=True):
        assert one == pytest.approx(two)


@pytest.mark.parametrize(
    "boot",
    [
        made([0.5] * 100),
        made([0.5] * 50 + [0.5 + 1e-16] * 50),
        made([0.0] * 999 + [1.0], 0.0),
        made(np.linspace(0, 1, 100), jackknife=[0.5, math.nan]),
        made(np.linspace(0, 1, 100), estimate=math.nan),
        made([math.nan] * 20 + list(np.linspace(0, 1, 80))),
        Bootstrap(0.5, np.linspace(0, 1, 100), np.array([0.5]), 1, 1.0),
    ],
    ids=["constant", "rounding", "one value", "fragile", "undefined", "often undefined", "one cluster"],
)
def test_degenerate_distributions_have_no_interval(boot):
    assert bca(boot) is None


def test_one_cluster_has_no_interval_whatever_zero_rows_stand_beside_it():
    totals = np.vstack([[3.0, 5.0], np.zeros((9, 2))])
    assert bca(bootstrap(totals, share, np.random.default_rng(0), 200)) is None


def test_rare_undefined_replicates_widen_both_sides():
    values = np.linspace(0, 1, 1000)
    gaps = values.copy()
    gaps[[100, 900, 400, 600]] = math.nan
    whole, holed = bca(made(values, 0.5)), bca(made(gaps, 0.5))
    assert holed.low < whole.low
    assert holed.high > whole.high


def test_undefined_everywhere_in_the_p_value_too():
    assert all(math.isnan(p) for p in bca_p(made([0.5] * 100), 0.2))
    assert math.isnan(two_sided(math.nan, 0.5))
    assert math.isnan(made([0.5] * 100).se)


def test_totals_without_rows_or_with_gaps_are_refused():
    for bad in (np.empty((0, 2)), np.array([[math.nan, 1.0]]), np.array([1.0, 2.0])):
        with pytest.raises(ValueError, match="finite `totals`"):
            bootstrap(bad, share, np.random.default_rng(0), 10)


skewed = st.integers(0, 10_000).map(
    lambda seed: bootstrap(totals_of(seed, 25, graded=bool(seed % 2)), share, np.random.default_rng(seed), 400)
)


@given(skewed, st.floats(0.3, 0.9), st.floats(0.005, 0.495))
def test_p_below_alpha_exactly_where_the_one_sided_bound_clears_the_value(boot, value, alpha):
    interval = bca(boot, 1 - 2 * alpha)
    assume(interval is not None and min(abs(interval.low - value), abs(interval.high - value)) > 1e-9)
    above, below = bca_p(boot, value)
    assert (above < alpha) == (interval.low > value)
    assert (below < alpha) == (interval.high < value)


@given(skewed, st.floats(0.5, 0.98), st.floats(0.0, 0.019))
def test_a_higher_level_holds_a_lower_one_and_expansion_widens(boot, level, more):
    inner, outer, plain = bca(boot, level), bca(boot, level + more), bca(boot, level, expanded=False)
    assert outer.low <= inner.low <= plain.low
    assert outer.high >= inner.high >= plain.high


@given(st.floats(0.1, 10), st.floats(-5, 5))
def test_a_linear_change_of_unit_moves_the_interval_with_it(scale, shift):
    boot = bootstrap(totals_of(4), share, np.random.default_rng(4), 300)
    moved = Bootstrap(
        boot.estimate * scale + shift,
        boot.replicates * scale + shift,
        boot.jackknife * scale + shift,
        boot.n_clusters,
        boot.kish_clusters,
    )
    one, two = bca(boot), bca(moved)
    assert two.low == pytest.approx(one.low * scale + shift, abs=1e-9)
    assert two.high == pytest.approx(one.high * scale + shift, abs=1e-9)


def test_p_is_never_zero():
    boot = bootstrap(totals_of(4), share, np.random.default_rng(4), 999)
    assert bca_p(boot, 0.0)[0] == pytest.approx(1 / 1000)
    assert bca_p(boot, 1.0)[1] == pytest.approx(1 / 1000)


def test_a_side_that_cannot_vary_is_noticed():
    assert still(np.array([[1.0, 1], [3, 3], [0, 0]]), share)
    assert still(np.array([[1.0, 2]]), share)
    assert not still(np.array([[1.0, 2], [2, 2]]), share)
