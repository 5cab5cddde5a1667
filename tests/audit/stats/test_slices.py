import math

import numpy as np
import pytest

from audit.core.measure import share
from audit.stats.proportion import korn_graubard
from audit.stats.slices import METHOD_BY_SLICE, slice_difference, standardised_difference

RNG = np.random.default_rng


def other_share(totals):
    return totals[..., 0] / totals[..., 1]


def halves(seed, clusters=120, straddling=0, p=(0.7, 0.5)):
    """Two slices of patients with 3 items each; the first `straddling` patients have items in both."""
    rng = RNG(seed)
    sizes = np.zeros((clusters, 2))
    sizes[: clusters // 2, 0] = sizes[clusters // 2 :, 1] = sizes[:straddling] = 3
    right = rng.binomial(sizes.astype(int), p)
    return tuple(np.column_stack([right[:, k], sizes[:, k]]).astype(float) for k in (0, 1))


def test_disjoint_slices_have_the_variance_of_two_samples():
    first, second = halves(1)
    result = slice_difference(first, second, share, RNG(0), 20_000)
    assert result.n_straddling == 0
    assert result.estimate == pytest.approx(share(first.sum(axis=0)) - share(second.sum(axis=0)))
    expected = math.hypot(korn_graubard(first).se, korn_graubard(second).se)
    assert result.boot.se == pytest.approx(expected, rel=0.04)
    assert result.p == pytest.approx(2 * min(result.p_at(0.0)))


def test_straddling_patients_move_both_sides_together():
    """If both sides of a patient are always alike, only the draw of patients on one side alone matters."""
    rng = RNG(2)
    sizes = np.full(60, 4.0)
    right = rng.binomial(4, rng.beta(1, 1, 60)).astype(float)
    same = np.column_stack([right, sizes])
    shifted = np.column_stack([np.maximum(right - rng.integers(0, 2, 60), 0), sizes])
    result = slice_difference(same, shifted, share, RNG(0), 2000)
    assert result.n_straddling == 60
    assert result.boot.se == pytest.approx(np.std((same - shifted)[:, 0] / 4) / math.sqrt(60), rel=0.06)


def test_a_slice_without_a_single_error_is_not_taken_as_certain():
    first, second = halves(3, clusters=40)
    first[:, 0] = first[:, 1]
    result = slice_difference(first, second, share, RNG(0), 1000)
    assert result.interval.method == METHOD_BY_SLICE
    lower = korn_graubard(first).interval.low
    assert result.estimate - result.interval.low >= 1 - lower
    other = slice_difference(first, second, other_share, RNG(0), 1000)
    assert other.interval is None
    assert other.reason == "one slice does not vary"
    assert math.isnan(other.p)


def test_clusters_in_neither_slice_play_no_part():
    first, second = halves(4)
    padded = [np.vstack([side, np.zeros((50, 2))]) for side in (first, second)]
    one = slice_difference(first, second, share, RNG(0), 300)
    two = slice_difference(*padded, share, RNG(0), 300)
    assert one.interval == two.interval


def stratified(seed, mix_1=(0.9, 0.1), mix_2=(0.2, 0.8), p=((0.9, 0.4), (0.9, 0.4)), clusters=400):
    """One item per patient; the strata differ in difficulty and the slices in their mix of strata."""
    rng = RNG(seed)
    sides = []
    for k, mix in enumerate((mix_1, mix_2)):
        totals = np.zeros((clusters, 2, 2))
        mine = np.arange(clusters) % 2 == k
        stratum = rng.choice(2, size=clusters, p=mix)
        right = rng.random(clusters) < np.array(p[k])[stratum]
        totals[np.arange(clusters), stratum, 1] = mine
        totals[np.arange(clusters), stratum, 0] = mine & right
        sides.append(totals)
    return sides[0], sides[1], (sides[0] + sides[1])[..., 1].sum(axis=0)


def test_standardising_removes_a_gap_that_is_only_case_mix():
    first, second, items = stratified(5)
    raw = slice_difference(first.sum(axis=1), second.sum(axis=1), share, RNG(0), 1000)
    adjusted = standardised_difference(first, second, items, share, RNG(0), 1000)
    assert raw.interval.low > 0.2
    assert adjusted.interval.covers(0.0)
    assert adjusted.coverage == 1
    assert adjusted.n_strata == 2


def test_standardised_estimate_is_the_weighted_sum_over_strata():
    first, second, items = stratified(6)
    gaps = [share(first[:, s].sum(axis=0)) - share(second[:, s].sum(axis=0)) for s in (0, 1)]
    result = standardised_difference(first, second, items, share, RNG(0), 200)
    assert result.estimate == pytest.approx(np.average(gaps, weights=items))


def test_a_stratum_that_one_slice_lacks_is_left_out_and_said_so():
    first, second, items = stratified(7, mix_1=(1.0, 0.0))
    result = standardised_difference(first, second, items, share, RNG(0), 500)
    assert result.n_strata == 1
    assert result.coverage == pytest.approx(items[0] / items.sum())
    nothing = standardised_difference(first, second, items, share, RNG(0), 500, least_clusters=300)
    assert nothing.interval is None
    assert nothing.coverage == 0
    assert "300 clusters" in nothing.reason
    assert math.isnan(nothing.p)


def test_shapes_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        slice_difference(np.ones((3, 2)), np.ones((4, 2)), share, RNG(0), 10)
    with pytest.raises(ValueError, match="items"):
        standardised_difference(np.ones((3, 2, 2)), np.ones((3, 2, 2)), np.ones(3), share, RNG(0), 10)


def test_a_contrast_is_worth_no_more_than_its_weaker_slice():
    first, second = halves(8)
    first[8:] = 0
    result = slice_difference(first, second, share, RNG(0), 200)
    assert result.boot.kish_clusters == pytest.approx(8)
    assert result.boot.few_clusters
    strata = standardised_difference(first[:, None], second[:, None], np.array([200.0]), share, RNG(0), 200)
    assert strata.boot.kish_clusters == pytest.approx(8)


def test_a_standardised_slice_without_a_single_error_has_no_interval():
    first, second, items = stratified(9)
    first[..., 0] = first[..., 1]
    result = standardised_difference(first, second, items, share, RNG(0), 200)
    assert result.interval is None
    assert result.reason == "one slice does not vary"
    assert result.estimate > 0
