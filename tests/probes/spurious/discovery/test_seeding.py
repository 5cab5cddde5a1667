import kmedoids
import numpy as np
import pytest

from probes.spurious.discovery import seeding
from probes.spurious.discovery.distances import cosine_distances
from probes.spurious.discovery.seeding import grown, k_medoids_plus_plus


@pytest.fixture
def distances():
    return cosine_distances(np.random.default_rng(3).normal(size=(80, 5)).astype(np.float32))


def test_starts_are_distinct_and_repeat_with_the_seed(distances):
    first, again, other = (k_medoids_plus_plus(distances, 12, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert len(set(first.tolist())) == 12
    assert first.tolist() == again.tolist() != other.tolist()


def test_a_far_group_is_started_in_at_once():
    """Two points of a kind at distance 0: the second medoid must be of the other kind."""
    distances = cosine_distances(np.repeat(np.eye(2, dtype=np.float32), 10, axis=0))
    for seed in range(20):
        assert set(k_medoids_plus_plus(distances, 2, np.random.default_rng(seed)) // 10) == {0, 1}


def test_equal_rows_still_give_distinct_medoids():
    distances = np.zeros((6, 6), dtype=np.float32)
    assert len(set(k_medoids_plus_plus(distances, 5, np.random.default_rng(0)).tolist())) == 5
    assert len(set(grown(distances, np.array([4]), 5).tolist())) == 5


def test_probability_grows_with_the_square_of_the_distance():
    distances = np.array([[0, 0.1, 0.3], [0.1, 0, 0.3], [0.3, 0.3, 0]], dtype=np.float32)
    rng = np.random.default_rng(0)
    pairs = [k_medoids_plus_plus(distances, 2, rng) for _ in range(3000)]
    seconds = np.array([second for first, second in pairs if first == 0])
    assert np.mean(seconds == 2) == pytest.approx(0.09 / (0.09 + 0.01), abs=0.03)


def test_growing_from_the_first_build_medoid_is_build(distances, monkeypatch):
    monkeypatch.setattr(seeding, "BLOCK", 32)
    built = kmedoids.pam_build(distances, 7).medoids.astype(int).tolist()
    assert built[0] == distances.sum(axis=1).argmin()
    assert grown(distances, np.array(built[:1]), 7).tolist() == built
    assert grown(distances, np.array(built[:4]), 7).tolist() == built
