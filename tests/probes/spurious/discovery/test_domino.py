import numpy as np
import pytest

from probes.spurious.discovery.domino import domino, principal, started
from probes.spurious.discovery.precision import precision_at


def test_regions_of_a_slice_with_errors_come_first(planted):
    """To Domino a region is its image: it finds what was called wrongly, but not which region is to blame."""
    table, holds = planted(0)
    ranked = domino(table, np.random.default_rng(0))
    assert len(set(ranked.tolist())) == len(ranked) > 50
    wrong = ~table.correct[table.image]
    assert wrong[ranked[:10]].mean() > 0.8 > wrong.mean()
    assert precision_at(ranked, holds) >= holds.mean()


def test_the_seed_settles_it(planted):
    table, _ = planted(1, images=60)
    first, again = (domino(table, np.random.default_rng(2)) for _ in range(2))
    assert first.tolist() == again.tolist()


def test_principal_directions_are_those_of_the_singular_values():
    rows = np.random.default_rng(0).normal(size=(50, 9)).astype(np.float32) * np.arange(1, 10)
    found = principal(rows.astype(np.float32), 4)
    values = np.linalg.svd(rows - rows.mean(axis=0), compute_uv=False)
    assert np.linalg.norm(found, axis=0) == pytest.approx(values[:4], rel=1e-4)
    assert found.T @ found == pytest.approx(np.diag(values[:4] ** 2), rel=1e-3, abs=1e-3)


def test_directions_without_variance_are_left_out():
    rows = np.zeros((20, 30), dtype=np.float32)
    rows[:, 3] = np.arange(20)
    assert principal(rows, 128).shape == (20, 1)


def test_components_start_at_pairs_of_label_and_prediction_wrong_ones_first():
    labels, predictions = np.array([0, 0, 1, 1, 0]), np.array([0, 1, 1, 0, 1])
    share = started(labels, predictions, 5, np.random.default_rng(0))
    assert share.sum(axis=1) == pytest.approx(1)
    used = share > 0
    assert used[1].tolist() == [True, False, False, False, True]  # pair (0, 1)
    assert used[3].tolist() == [False, True, False, False, False]  # pair (1, 0)
    few = started(labels, predictions, 2, np.random.default_rng(0))
    assert (few[[0, 2]] > 0).all()  # right pairs got no component: spread over all


def test_few_regions_and_unread_answers_are_no_error(random_table):
    table, _ = random_table(3)
    ranked = domino(table, np.random.default_rng(0))
    assert set(ranked.tolist()) <= set(range(len(table.image)))
    assert domino(table.of(np.empty(0, dtype=np.intp)), np.random.default_rng(0)).tolist() == []
