import itertools
import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest, t
from statsmodels.stats.proportion import proportion_confint

from audit.stats.proportion import SMALLEST_P, korn_graubard, proportion_p


def rows_of(totals):
    right = [value for k, m in totals for value in [1.0] * int(k) + [0.0] * int(m - k)]
    return np.array(right), np.repeat(np.arange(len(totals)), totals[:, 1].astype(int))


def sample(seed, clusters=40, p=0.6):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 9, clusters)
    return np.column_stack([rng.binomial(sizes, rng.beta(3 * p, 3 * (1 - p), clusters)), sizes]).astype(float)


counts = st.lists(
    st.integers(1, 12).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m))), min_size=2, max_size=30
).map(lambda rows: np.array(rows, dtype=float))


@pytest.mark.parametrize("seed", range(5))
def test_standard_error_is_that_of_a_cluster_robust_regression(seed):
    totals = sample(seed)
    right, groups = rows_of(totals)
    fit = sm.OLS(right, np.ones(len(right))).fit(cov_type="cluster", cov_kwds={"groups": groups})
    result = korn_graubard(totals)
    assert result.estimate == pytest.approx(fit.params[0])
    assert result.se == pytest.approx(fit.bse[0])


def test_standard_error_agrees_with_gee_up_to_its_missing_correction():
    totals = sample(7)
    right, groups = rows_of(totals)
    fit = sm.GEE(right, np.ones(len(right)), groups, family=sm.families.Gaussian()).fit()
    assert korn_graubard(totals).se == pytest.approx(fit.bse[0] * math.sqrt(40 / 39), rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_bounds_follow_the_published_formula_written_out(seed, level):
    """Korn and Graubard (1998), by scipy's distributions rather than by special functions."""
    totals = sample(seed)
    y, m = totals.T
    n, p = m.sum(), y.sum() / m.sum()
    variance = len(m) / (len(m) - 1) * ((y - p * m) ** 2).sum() / n**2
    df = m.sum() ** 2 / (m**2).sum() - 1
    alpha = (1 - level) / 2
    size = min(n, p * (1 - p) / variance * (t.ppf(1 - alpha, n - 1) / t.ppf(1 - alpha, df)) ** 2)
    result = korn_graubard(totals, level)
    assert result.n_effective == pytest.approx(size)
    assert result.df == pytest.approx(df)
    assert result.interval.low == pytest.approx(beta.ppf(alpha, p * size, size - p * size + 1))
    assert result.interval.high == pytest.approx(beta.ppf(1 - alpha, p * size + 1, size - p * size))


@pytest.mark.parametrize("right", [0, 30])
def test_at_the_edge_single_items_give_plain_clopper_pearson(right):
    totals = np.column_stack([np.full(30, right / 30), np.ones(30)])
    result = korn_graubard(totals)
    low, high = proportion_confint(right, 30, method="beta")
    assert (result.interval.low, result.interval.high) == pytest.approx((low, high))
    exact = binomtest(right, 30, 0.4, alternative="greater").pvalue
    assert proportion_p(totals, 0.4)[0] == pytest.approx(exact)
    assert proportion_p(totals, 0.4)[1] == pytest.approx(binomtest(right, 30, 0.4, alternative="less").pvalue)


def test_at_the_edge_unequal_clusters_count_as_their_kish_number():
    sizes = np.array([25.0, 20, 18, 1, 1, 1])
    worth = sizes.sum() ** 2 / (sizes**2).sum()
    result = korn_graubard(np.column_stack([np.zeros(6), sizes]))
    assert result.interval.low == 0
    assert result.interval.high == pytest.approx(1 - 0.025 ** (1 / worth))
    assert result.few_clusters
    assert result.se > 0


def test_one_item_per_cluster_has_an_effective_size_of_one_less():
    totals = np.column_stack([[1] * 12 + [0] * 28, np.ones(40)])
    result = korn_graubard(totals)
    assert result.n_effective == pytest.approx(39)
    assert not result.few_clusters
    assert result.interval.low == pytest.approx(beta.ppf(0.025, 11.7, 39 - 11.7 + 1))


def test_one_cluster_or_none_has_no_interval():
    for totals in (np.array([[3.0, 9.0]]), np.array([[3.0, 9.0], [0.0, 0.0]])):
        result = korn_graubard(totals)
        assert result.estimate == pytest.approx(1 / 3)
        assert result.interval is None
        assert result.few_clusters
        assert all(math.isnan(p) for p in proportion_p(totals, 0.5))
    empty = korn_graubard(np.empty((0, 2)))
    assert math.isnan(empty.estimate)
    assert empty.interval is None


@pytest.mark.parametrize(
    "totals",
    [[[2.0, 1.0], [0, 1]], [[-1.0, 1.0], [0, 1]], [[math.nan, 1.0], [0, 1]], [[1.0, 0.0], [0, 1]], [[1.0, 2, 3]]],
)
def test_what_is_no_share_is_refused(totals):
    with pytest.raises(ValueError, match="Expected"):
        korn_graubard(np.array(totals))


@given(counts, st.floats(0.5, 0.999))
def test_an_interval_holds_the_estimate_lies_in_the_unit_range_and_has_width(totals, level):
    result = korn_graubard(totals, level)
    interval = result.interval
    assert 0 <= interval.low <= result.estimate <= interval.high <= 1
    assert 0 <= result.n_effective <= result.n_items + 1e-9
    assert result.se > 0


@given(counts)
def test_counting_the_wrong_answers_mirrors_everything(totals):
    right = korn_graubard(totals)
    wrong = korn_graubard(np.column_stack([totals[:, 1] - totals[:, 0], totals[:, 1]]))
    assert wrong.interval.low == pytest.approx(1 - right.interval.high, abs=1e-9)
    assert wrong.interval.high == pytest.approx(1 - right.interval.low, abs=1e-9)


@given(counts, st.floats(0.02, 0.98), st.floats(1e-4, 0.499))
def test_p_below_alpha_exactly_where_the_one_sided_bound_clears_the_threshold(totals, threshold, alpha):
    above, below = proportion_p(totals, threshold)
    interval = korn_graubard(totals, 1 - 2 * alpha).interval
    assume(min(abs(interval.low - threshold), abs(interval.high - threshold)) > 1e-7)
    assume(min(abs(above - alpha), abs(below - alpha)) > 1e-8)
    assert (above < alpha) == (interval.low > threshold)
    assert (below < alpha) == (interval.high < threshold)


@given(counts, st.lists(st.floats(0, 1), min_size=2, max_size=6))
def test_p_rises_with_the_threshold(totals, thresholds):
    thresholds.sort()
    above = [proportion_p(totals, threshold)[0] for threshold in thresholds]
    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(above))
    assert all(SMALLEST_P <= p <= 1 for p in above)


@given(counts)
def test_neither_order_nor_empty_clusters_matter(totals):
    shuffled = np.vstack([totals[::-1], np.zeros((2, 2))])
    one, two = korn_graubard(totals), korn_graubard(shuffled)
    assert one.interval.low == pytest.approx(two.interval.low)
    assert one.interval.high == pytest.approx(two.interval.high)


def test_graded_values_are_allowed_and_their_rounding_is_not_an_edge():
    values = np.column_stack([[0.1 + 0.2, 0.3, 0.7], [1.0, 1, 1]])
    assert 0 < korn_graubard(values).interval.low < korn_graubard(values).interval.high < 1
    whole = np.column_stack([np.full(10, 0.1 * 3), np.full(10, 0.3)])
    assert korn_graubard(whole).estimate == 1
