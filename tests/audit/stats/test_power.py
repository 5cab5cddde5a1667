import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.power import NormalIndPower

from audit.stats.power import clusters_needed, design_effect, mde, planned_paired_se, planned_se


def test_mde_is_the_textbook_sum_and_has_the_power_it_names():
    assert mde(0.02, 0.025) == pytest.approx((1.959964 + 0.841621) * 0.02, rel=1e-6)
    effect = mde(0.02, 0.01, 0.9)
    assert norm.sf(norm.isf(0.01) - effect / 0.02) == pytest.approx(0.9)
    theirs = NormalIndPower(ddof=0).solve_power(nobs1=100, alpha=0.05, power=0.8, ratio=0, alternative="larger")
    assert mde(1 / math.sqrt(100), 0.05) == pytest.approx(theirs, rel=1e-4)


@given(st.floats(0.001, 0.2), st.integers(5, 500), st.floats(0.005, 0.3), st.floats(0.001, 0.05))
def test_the_clusters_needed_detect_the_margin_and_one_fewer_does_not(se, clusters, margin, alpha):
    needed = clusters_needed(se, clusters, margin, alpha)
    assert mde(se * math.sqrt(clusters / needed), alpha) <= margin * (1 + 1e-9)
    if needed > 2:
        assert mde(se * math.sqrt(clusters / (needed - 1)), alpha) > margin * (1 - 1e-9)


def test_planned_se_of_single_items_is_binomial_and_of_one_block_is_that_of_its_clusters():
    assert planned_se(0.7, 100, 100, 0.3) == pytest.approx(math.sqrt(0.21 / 100))
    assert planned_se(0.7, 100, 20, 0.0) == pytest.approx(math.sqrt(0.21 / 100))
    assert planned_se(0.7, 100, 20, 1.0) == pytest.approx(math.sqrt(0.21 / 20))
    assert planned_paired_se(0.2, 50, 50, 0.5) == pytest.approx(math.sqrt(0.2 / 50))


def test_planned_se_is_what_beta_binomial_clusters_show(simulate):
    rng = np.random.default_rng(0)
    sizes = simulate.MEDICONFUSION
    shares = [simulate.beta_binomial(sizes, 0.4, 0.2, rng).sum() / sizes.sum() for _ in range(8000)]
    assert planned_se(0.4, sizes.sum(), len(sizes), 0.2, sizes=sizes) == pytest.approx(np.std(shares), rel=0.03)
    assert planned_se(0.4, sizes.sum(), len(sizes), 0.2) < 0.8 * np.std(shares)  # equal sizes claim too much


def test_design_effect_of_unequal_sizes():
    assert design_effect(0.5, [1, 3]) == pytest.approx(1 + (10 / 4 - 1) * 0.5)


def test_nothing_is_planned_from_nonsense():
    assert math.isnan(mde(math.nan, 0.05))
    assert clusters_needed(math.nan, 20, 0.1, 0.05) is None
    for call in (
        lambda: mde(0.1, 0.0),
        lambda: mde(0.1, 0.05, 1.0),
        lambda: clusters_needed(0.1, 20, 0.0, 0.05),
        lambda: planned_se(0.5, 10, 20, 0.1),
        lambda: planned_se(0.5, 20, 10, 1.5),
    ):
        with pytest.raises(ValueError, match="Expected"):
            call()
