import numpy as np
import pytest
from scipy.spatial.distance import cdist

from probes.spurious.discovery.distances import cosine_distances, normalised


def test_distances_are_those_of_scipy_with_obtuse_angles_at_one():
    rows = np.random.default_rng(0).normal(size=(60, 7)).astype(np.float32)
    found = cosine_distances(rows)
    assert found.dtype == np.float32
    assert found == pytest.approx(np.clip(cdist(rows, rows, "cosine"), 0, 1), abs=2e-6)
    assert (np.diag(found) == 0).all()
    assert (found == found.T).all()
    assert found.max() == 1  # half of random pairs are obtuse


def test_closed_forms():
    rows = np.array([[2, 0], [0, 3], [1, 1], [-1, 0], [0, 0]], dtype=np.float32)
    half = 1 - 0.5**0.5
    assert cosine_distances(rows)[0] == pytest.approx([0, 1, half, 1, 1], abs=1e-6)
    assert np.linalg.norm(normalised(rows), axis=1) == pytest.approx([1, 1, 1, 1, 0])


@pytest.mark.parametrize("rows", [np.array([[1.0, np.nan]]), np.ones(3), np.array([[np.inf, 0.0]])])
def test_what_is_no_finite_matrix_is_refused(rows):
    with pytest.raises(ValueError, match="finite embeddings of shape"):
        cosine_distances(rows)
