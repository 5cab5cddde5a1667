import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.spurious.discovery.ravl import KeptCluster, ravl
from probes.spurious.discovery.stability import Reclustering, drawn_patients, jaccard, reclusterings, stability

ROWS = st.sets(st.integers(0, 20))


@pytest.fixture
def found(planted):
    table, holds = planted(0, images=120)
    return table, ravl(table, np.random.default_rng(0)), holds


def test_a_planted_cluster_is_found_again(found):
    table, discovery, _ = found
    others = reclusterings(table, discovery.clustering.k, np.random.default_rng(1), draws=5)
    assert [other.change for other in others] == ["patients"] * 5 + ["seed"] * 5 + ["k"] * 4
    assert {other.closeness.shape[1] - discovery.clustering.k for other in others} == {-2, -1, 0, 1, 2}
    shares = stability(table, discovery.kept[0], others)
    assert shares["seed"] == shares["k"] == 1
    assert shares["patients"] >= 0.8


def test_a_cluster_made_up_of_other_regions_is_not(found):
    table, discovery, _ = found
    others = reclusterings(table, discovery.clustering.k, np.random.default_rng(1), draws=3)
    first = discovery.kept[0]
    made_up = KeptCluster(0, first.gap, first.influence, 0, first.g, np.arange(0, len(table.image), 9))
    assert stability(table, made_up, others) == {"patients": 0, "seed": 0, "k": 0}


def test_a_cluster_that_is_found_but_no_longer_kept_does_not_count(found):
    table, discovery, _ = found
    others = reclusterings(table, discovery.clustering.k, np.random.default_rng(1), draws=2)
    table.predictions[:] = table.labels
    assert stability(table, discovery.kept[0], others) == {"patients": 0, "seed": 0, "k": 0}


def test_regions_that_do_not_cluster_count_and_kinds_not_tried_are_unknown(found):
    table, discovery, _ = found
    nothing = Reclustering("seed", np.arange(120), np.zeros(480, np.intp), np.empty((480, 0), np.float32))
    shares = stability(table, discovery.kept[0], [nothing])
    assert shares["seed"] == 0
    assert np.isnan(shares["patients"])


def test_patients_are_drawn_whole():
    patients = np.array([4, 2, 4, 9, 2, 2])
    for seed in range(30):
        images = drawn_patients(patients, np.random.default_rng(seed))
        counts = np.bincount(images, minlength=6)
        assert counts[0] == counts[2]
        assert counts[1] == counts[4] == counts[5]
        assert counts[0] + counts[1] + counts[3] == 3


@given(ROWS, ROWS)
def test_jaccard_is_the_share_of_common_regions(first, second):
    found = jaccard(np.array(sorted(first), dtype=np.intp), np.array(sorted(second), dtype=np.intp))
    assert found == (len(first & second) / len(first | second) if first | second else 0)
