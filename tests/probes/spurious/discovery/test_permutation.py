import itertools

import numpy as np
import pytest

from probes.spurious.discovery.clustering import cluster
from probes.spurious.discovery.gaps import gaps
from probes.spurious.discovery.permutation import _Sums, kept_gaps, max_gap_p, two_sided_gaps


@pytest.mark.parametrize("seed", range(20))
def test_sums_of_many_predictions_equal_one_gap_after_another(random_table, seed):
    table, assignment = random_table(seed, images=24)
    predictions = np.random.default_rng(seed).integers(-1, 3, (7, 24))
    fast = two_sided_gaps(_Sums(table, assignment, 4).counts(predictions))
    for row, said in zip(fast, predictions, strict=True):
        table.predictions[:] = said
        found = gaps(table, assignment, 4)
        assert row == pytest.approx(np.where(found.two_sided, found.G, 0))


@pytest.mark.parametrize("seed", range(20))
def test_the_observed_gaps_are_those_of_the_literal_rules(literal, random_table, seed):
    table, assignment = random_table(seed, images=24)
    kept = literal.kept(table, assignment, 4)
    expected = [literal.performance_gap(table, assignment, c) if c in kept else 0 for c in range(4)]
    assert kept_gaps(table, assignment, 4) == pytest.approx(expected)
    assert max_gap_p(table, assignment, 4, np.random.default_rng(0), 9).observed == pytest.approx(max(expected))


def test_p_comes_near_that_of_all_permutations(random_table):
    """Eight images, two classes, one each: all 4! x 4! exchanges can be gone through."""
    table, assignment = next(
        (table, clusters)
        for table, clusters in (random_table(seed, images=8, classes=2, k=2) for seed in range(500))
        if np.bincount(table.labels).tolist() == [4, 4] and kept_gaps(table, clusters, 2).max() > 0
    )
    table.patients[:] = np.arange(8)
    observed, said = kept_gaps(table, assignment, 2).max(), table.predictions.copy()
    groups = [np.flatnonzero(table.labels == label) for label in (0, 1)]
    null = []
    for first, second in itertools.product(*(itertools.permutations(group) for group in groups)):
        table.predictions[groups[0]], table.predictions[groups[1]] = said[list(first)], said[list(second)]
        found = gaps(table, assignment, 2)
        null.append(np.where(found.two_sided, found.G, 0).max())
    table.predictions[:] = said
    exact = np.mean(np.array(null) >= observed - 1e-9)
    assert max_gap_p(table, assignment, 2, np.random.default_rng(1), 4000).p == pytest.approx(exact, abs=0.03)


def test_a_planted_shortcut_is_called_and_its_cluster_named(planted):
    table, holds = planted(0)
    found = cluster(table.embeddings, range(8, 20), np.random.default_rng(0))
    tested = max_gap_p(table, found.assignment, found.k, np.random.default_rng(0), 999)
    assert tested.p == 0.001
    assert tested.movable == 1
    shortcut = np.bincount(found.assignment[holds]).argmax()
    assert tested.adjusted.argmin() == shortcut
    assert tested.adjusted.min() == tested.p
    assert np.count_nonzero(tested.adjusted <= 0.05) < found.k / 2


def test_nothing_kept_is_p_one(planted):
    table, _ = planted(1)
    table.predictions[:] = table.labels
    tested = max_gap_p(table, np.zeros(len(table.image), dtype=np.intp), 3, np.random.default_rng(0), 99)
    assert (tested.observed, tested.p, tested.adjusted.tolist()) == (0, 1, [1, 1, 1])


def test_the_seed_settles_p_and_blocks_do_not(planted, monkeypatch):
    table, _ = planted(2, strength=0.1)
    assignment = np.random.default_rng(0).integers(0, 9, len(table.image))
    first, again = (max_gap_p(table, assignment, 9, np.random.default_rng(4), 300) for _ in range(2))
    assert first.adjusted.tolist() == again.adjusted.tolist()
    monkeypatch.setattr("probes.spurious.discovery.permutation.BLOCK", 1000)
    assert max_gap_p(table, assignment, 9, np.random.default_rng(4), 300).p == pytest.approx(first.p, abs=0.15)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["one image each", "two classes, few patients", "1 to 3 images, patients differ"])
def test_a_clean_model_is_called_no_more_often_than_stated(simulate, name):
    found = simulate.p_values(simulate.CLEAN[name], 300, seed=21)
    assert (found[:, 0] <= 0.05).mean() <= 0.05 + 3 * (0.05 * 0.95 / 300) ** 0.5


@pytest.mark.slow
def test_patients_move_as_a_whole_because_exchanging_images_would_call_too_often(simulate):
    found = simulate.p_values(simulate.CLEAN["4 images, patients differ"], 300, seed=22)
    by_patient, by_image = (found[:, :2] <= 0.05).mean(axis=0)
    assert by_patient <= 0.05 + 3 * (0.05 * 0.95 / 300) ** 0.5
    assert by_image > 0.12


@pytest.mark.slow
def test_a_cluster_that_leads_every_answer_is_not_called_associated_with_errors(simulate):
    """Right or wrong, the region that shows most decides: asking the influence rule again would call that a finding."""
    found = simulate.p_values(simulate.CLEAN["a cluster leads every answer"], 80, seed=23, again=80)
    ours, _, again = (found <= 0.05).mean(axis=0)
    assert ours <= 0.05 + 3 * (0.05 * 0.95 / 80) ** 0.5
    assert again > 0.12


@pytest.mark.slow
def test_power_grows_with_the_pull(simulate):
    weak, strong = (
        (simulate.p_values(simulate.PLANTED[f"300 patients, pulls {pull}"], 60, seed=24)[:, 0] <= 0.05).mean()
        for pull in (0.1, 0.4)
    )
    assert strong > 0.8
    assert strong > weak + 0.3


@pytest.mark.parametrize("seed", range(6))
def test_among_some_clusters_the_others_are_not_tested(random_table, seed):
    table, assignment = random_table(seed, images=40)
    among = np.array([True, False, True, False])
    whole = max_gap_p(table, assignment, 4, np.random.default_rng(seed), 99)
    part = max_gap_p(table, assignment, 4, np.random.default_rng(seed), 99, among=among)
    assert (part.adjusted[~among] == 1).all()
    assert (part.adjusted[among] <= whole.adjusted[among]).all()  # the same draws, a smaller maximum
    everyone = max_gap_p(table, assignment, 4, np.random.default_rng(seed), 99, among=np.ones(4, dtype=bool))
    assert everyone.adjusted.tolist() == whole.adjusted.tolist()
