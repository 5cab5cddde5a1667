import sys

import kmedoids
import numpy as np
import pytest

from audit.core.errors import InputError
from probes.spurious.discovery.clustering import assign, cluster, published_ks, similarity
from probes.spurious.discovery.distances import cosine_distances
from probes.spurious.discovery.seeding import k_medoids_plus_plus
from probes.spurious.discovery.silhouette import silhouette


def grouped(seed, groups=6, each=40, noise=0.35, width=24):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(groups, width))
    rows = np.repeat(centres, each, axis=0) + noise * rng.normal(size=(groups * each, width))
    return rows.astype(np.float32), np.repeat(np.arange(groups), each)


def test_the_published_range():
    assert list(published_ks(2)) == [4, 5, 6, 7, 8, 9]
    assert (published_ks(14)[0], published_ks(14)[-1]) == (28, 69)


def test_true_groups_are_found_with_their_number():
    rows, group = grouped(0)
    found = cluster(rows, range(3, 12), np.random.default_rng(0))
    assert found.k == 6
    assert sorted(np.unique(np.column_stack([found.assignment, group]), axis=0)[:, 1]) == list(range(6))
    assert (found.assignment[found.medoids] == np.arange(6)).all()
    assert dict(found.sweep)[6] == found.silhouette == max(value for _, value in found.sweep)
    assert [k for k, _ in found.sweep] == list(range(3, 12))
    assert found.silhouette == pytest.approx(silhouette(cosine_distances(rows), found.assignment, 6))


def test_lengths_do_not_matter_and_the_seed_settles_everything():
    rows, _ = grouped(1, noise=1.5)
    scaled = rows * np.random.default_rng(0).uniform(1, 9, (len(rows), 1)).astype(np.float32)
    first, again = (cluster(rows, range(4, 10), np.random.default_rng(5)) for _ in range(2))
    assert first.assignment.tolist() == again.assignment.tolist()
    assert first.sweep == again.sweep
    assert cluster(scaled, range(4, 10), np.random.default_rng(5)).silhouette == pytest.approx(
        first.silhouette, abs=1e-3
    )


@pytest.mark.parametrize("noise", [0.5, 1.5, 3.0])
def test_it_is_at_least_as_good_as_alternating_over_the_same_numbers(noise):
    rows, _ = grouped(2, groups=9, each=60, noise=noise)
    distances, ks = cosine_distances(rows), range(4, 16)
    plain = max(
        silhouette(
            distances,
            kmedoids.alternating(distances, k_medoids_plus_plus(distances, k, np.random.default_rng(0))).labels.astype(
                int
            ),
            k,
        )
        for k in ks
    )
    assert cluster(rows, ks, np.random.default_rng(0)).silhouette >= plain


def test_no_positive_silhouette_means_no_clusters():
    """Vectors at right angles: every distance is the same, so no clustering is better than any other."""
    assert cluster(np.eye(12, dtype=np.float32), range(2, 6), np.random.default_rng(0)) is None
    assert cluster(np.ones((9, 3), dtype=np.float32), range(2, 6), np.random.default_rng(0)) is None


def test_the_smallest_number_wins_on_ties_and_stays_below_the_regions():
    """Four kinds of equal vectors have silhouette 1 with four clusters; five can only split equals."""
    rows = np.repeat(np.eye(4, dtype=np.float32), 5, axis=0)
    found = cluster(rows, range(2, 50), np.random.default_rng(0))
    assert (found.k, found.silhouette) == (4, 1)
    assert [k for k, _ in found.sweep] == list(range(2, 20))
    assert cluster(rows[:2], (2, 3), np.random.default_rng(0)) is None
    assert cluster(rows[:0], (2, 3), np.random.default_rng(0)) is None


def test_rows_are_assigned_to_the_nearest_medoid_as_when_clustering():
    rows, _ = grouped(3, noise=1.0)
    found = cluster(rows, (6,), np.random.default_rng(0))
    assert assign(rows, rows[found.medoids]).tolist() == found.assignment.tolist()
    near = similarity(rows, rows[found.medoids])
    assert near[0, 0] == pytest.approx(
        np.dot(rows[0], rows[found.medoids[0]]) / np.linalg.norm(rows[0]) / np.linalg.norm(rows[found.medoids[0]]),
        abs=1e-6,
    )
    assert assign(np.array([[-1.0, 0.0]], dtype=np.float32), np.eye(2, dtype=np.float32)).tolist() == [0]


def test_a_missing_package_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "kmedoids", None)
    with pytest.raises(InputError, match=r"medaudit\[spurious\]"):
        cluster(np.eye(5, dtype=np.float32), (2,), np.random.default_rng(0))
