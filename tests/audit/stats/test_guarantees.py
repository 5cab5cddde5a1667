"""What the intervals and tests promise, by seeded Monte Carlo with closed-form truth (benchmarks/coverage.py).

Bands leave three standard errors of the simulation around what was measured with 2,000 draws (docs/statistics.md).
"""

import pytest


@pytest.mark.parametrize("icc", [0.1, 0.2, 0.3])
@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_korn_graubard_covers_and_rows_do_not(simulate, p, icc):
    covered = simulate.proportion_coverage(p, icc, 700, seed=11)
    assert 0.92 <= covered["korn_graubard"] <= 0.985
    # The configuration that must fail: as if every row were its own patient.
    assert covered["clopper_pearson_rows"] < covered["korn_graubard"] - 0.04
    assert covered["clopper_pearson_rows"] < 0.91
    assert covered["percentile"] < covered["korn_graubard"] + 0.005


@pytest.mark.parametrize("clusters", [30, 60])
def test_bca_covers_a_statistic_that_is_not_additive(simulate, clusters):
    assert 0.925 <= simulate.f1_coverage(clusters, 700, seed=12) <= 0.98


@pytest.mark.parametrize(
    ("clusters", "plus", "minus"), [(60, 0.0, 0.02), (60, 0.03, 0.03), (200, 0.01, 0.01), (200, 0.05, 0.02)]
)
def test_few_disagreeing_clusters_are_covered(simulate, clusters, plus, minus):
    covered = simulate.disagreement_coverage(clusters, plus, minus, 500, seed=13)
    assert covered["paired"] >= 0.93
    if clusters * (plus + minus) < 6:
        assert covered["bca"] < 0.925  # what the exact bounds are for


@pytest.mark.parametrize(("plus", "minus", "part"), [(0.03, 0.03, 1.0), (0.1, 0.05, 1.0)])
def test_unequal_clusters_that_disagree_together_are_covered(simulate, plus, minus, part):
    covered = simulate.whole_cluster_coverage(plus, minus, part, 400, seed=18)
    assert covered["paired"] >= 0.95
    assert covered["bca"] < 0.92


def test_paired_test_keeps_its_level(simulate):
    errors = simulate.paired_errors(0.0, 0.10, 800, seed=14)
    assert 0.02 <= errors["different"] <= 0.07
    assert errors["excludes"] <= 0.075
    assert errors["equivalent"] > 0.7  # power where there is no difference


@pytest.mark.parametrize("difference", [0.10, -0.10])
def test_models_that_differ_by_the_margin_are_seldom_called_equivalent(simulate, difference):
    errors = simulate.paired_errors(difference, 0.10, 800, seed=15)
    assert errors["equivalent"] <= 0.075
    if difference < 0:
        assert errors["noninferior"] <= 0.045
    assert errors["different"] > 0.6


def test_sign_flip_keeps_its_level_over_clusters_and_loses_it_over_rows(simulate):
    errors = simulate.sign_flip_error(500, seed=16)
    assert 0.02 <= errors["clusters"] <= 0.08
    assert errors["rows"] > 0.15


def test_gap_between_slices_is_covered_when_patients_straddle(simulate):
    covered = simulate.slice_coverage(500, seed=17)
    assert 0.92 <= covered["patients"] <= 0.98
    assert covered["independent"] > covered["patients"]  # ignoring the straddling patients is too wide here


@pytest.mark.parametrize("graded", [False, True])
def test_ten_thousand_resamples_of_two_thousand_clusters_take_well_under_a_second(simulate, graded):
    """Measured 0.01 s (counts) and 0.2 s (graded); the bound leaves room for a busy machine."""
    assert min(simulate.bootstrap_seconds(graded) for _ in range(3)) < 1.0
