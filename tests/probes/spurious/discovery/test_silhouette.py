import kmedoids
import numpy as np
import pytest

from probes.spurious.discovery import silhouette as module
from probes.spurious.discovery.distances import cosine_distances
from probes.spurious.discovery.silhouette import silhouette


@pytest.mark.parametrize("seed", range(5))
def test_it_equals_the_literal_one_and_that_of_another_library(literal, monkeypatch, seed):
    monkeypatch.setattr(module, "BLOCK", 16)  # several blocks, the last one shorter
    rng = np.random.default_rng(seed)
    distances = cosine_distances(rng.normal(size=(70, 4)).astype(np.float32))
    assignment = rng.integers(0, 5, 70)
    assignment[0] = 5  # alone in its cluster
    found = silhouette(distances, assignment, 6)
    assert found == pytest.approx(literal.silhouette(distances, assignment.tolist()), abs=1e-6)
    assert found == pytest.approx(kmedoids.silhouette(distances, assignment, n_cpu=1)[0], abs=1e-5)


def test_closed_forms():
    distances = np.array([[0, 1, 4, 4], [1, 0, 4, 4], [4, 4, 0, 2], [4, 4, 2, 0]], dtype=np.float32)
    assert silhouette(distances, np.array([0, 0, 1, 1]), 2) == pytest.approx((3 / 4 + 3 / 4 + 2 / 4 + 2 / 4) / 4)
    same = np.zeros((4, 4), dtype=np.float32)
    assert silhouette(same, np.array([0, 0, 1, 1]), 2) == 0


def test_empty_clusters_are_no_neighbours():
    distances = cosine_distances(np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32))
    assignment = np.repeat([0, 2], 10)
    assert silhouette(distances, assignment, 5) == silhouette(distances, assignment // 2, 2)
    assert np.isnan(silhouette(distances, np.zeros(20, dtype=np.intp), 3))
