import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test, wilcoxon
from statsmodels.stats.contingency_tables import mcnemar

from audit.core.measure import share
from audit.stats.flip import listed, mcnemar_exact, sign_flip, swap_test

RNG = np.random.default_rng


@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_agrees_with_statsmodels(b, c):
    assert mcnemar_exact(b, c) == pytest.approx(min(1.0, mcnemar([[5, b], [c, 5]], exact=True).pvalue))


@given(st.integers(0, 60), st.integers(0, 60))
def test_flipping_single_items_is_mcnemar_exactly(b, c):
    differences = [1.0] * b + [-1.0] * c + [0.0] * 7
    assert sign_flip(differences, RNG(0), 10) == pytest.approx(mcnemar_exact(b, c))


@given(st.lists(st.integers(-6, 6), min_size=1, max_size=9))
def test_few_clusters_are_enumerated(differences):
    sums = [abs(np.dot(signs, differences)) for signs in itertools.product((-1, 1), repeat=len(differences))]
    exact = np.mean([total >= abs(sum(differences)) for total in sums])
    assert sign_flip(differences, RNG(0), 10) == pytest.approx(exact)


def test_many_clusters_are_drawn_and_agree_with_scipy():
    differences = RNG(3).normal(0.25, 1, 60)
    theirs = permutation_test((differences,), np.sum, permutation_type="samples", n_resamples=20_000, rng=RNG(1)).pvalue
    assert sign_flip(differences, RNG(2), 20_000) == pytest.approx(theirs, abs=0.015)


def test_ranks_give_the_exact_wilcoxon_test():
    ranks = np.array([1, -2, 3, 4, 5, 6, -7, 8, 9, 10, 11, 12.0])
    assert sign_flip(ranks, RNG(0)) == pytest.approx(wilcoxon(ranks, method="exact").pvalue)


def test_collapsed_draws_agree_with_enumeration_of_a_smaller_problem():
    """600 clusters of three kinds: too many outcomes to list, so they are drawn by kind."""
    differences = np.repeat([1.0, 2.0, -1.5], 200) * np.tile([1, 1, -1], 200)
    spread = np.sqrt((differences**2).sum())
    from scipy.stats import norm

    expected = 2 * norm.sf(abs(differences.sum()) / spread)
    assert sign_flip(differences, RNG(0), 20_000) == pytest.approx(expected, abs=0.02)


def test_swapping_arms_is_flipping_signs_for_a_share():
    rng = RNG(5)
    sizes = rng.integers(1, 6, 12).astype(float)
    a, b = rng.binomial(sizes.astype(int), 0.8), rng.binomial(sizes.astype(int), 0.5)
    one = swap_test(np.column_stack([a, sizes]), np.column_stack([b, sizes]), share, RNG(0))
    assert one == pytest.approx(sign_flip((a - b) / sizes.sum(), RNG(0)))


def test_nothing_that_disagrees_is_no_evidence():
    same = np.array([[1.0, 2], [0, 1]])
    assert swap_test(same, same, share, RNG(0)) == sign_flip([0.0, 0.0], RNG(0)) == 1.0


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30))
def test_p_is_a_probability_does_not_depend_on_sign_and_is_never_zero(differences):
    p = sign_flip(differences, RNG(0), 99)
    assert 0 < p <= 1
    assert sign_flip([-d for d in differences], RNG(0), 99) == pytest.approx(p)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="differences"):
        sign_flip([[1.0, 2.0]], RNG(0))
    with pytest.raises(ValueError, match="counts"):
        mcnemar_exact(-1, 2)


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=40))
def test_what_is_listed_draws_nothing(differences):
    moved = np.array(differences, dtype=float)[:, None]
    rng = np.random.default_rng(0)
    before = rng.bit_generator.state
    swap_test(moved, np.zeros_like(moved), lambda sums: sums[..., 0], rng, 20)
    assert listed(moved) == (rng.bit_generator.state == before)
