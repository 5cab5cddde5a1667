from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.spurious.discovery.exchange import exchange

IMAGES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 7)), min_size=1, max_size=40)


@given(IMAGES, st.integers(0, 2**32))
def test_answers_move_with_their_patient_to_images_of_the_same_label(images, seed):
    labels, patients = (np.array(column) for column in zip(*images, strict=True))
    for source in exchange(labels, patients).drawn(np.random.default_rng(seed), 3):
        assert sorted(source.tolist()) == list(range(len(labels)))
        assert (labels[source] == labels).all()
        for patient in set(patients.tolist()):
            own = np.flatnonzero(patients == patient)
            giver = patients[source[own]]
            assert len(set(giver.tolist())) == 1
            assert np.count_nonzero(patients == giver[0]) == len(own)
            for label in range(3):  # in the order given
                assert (np.diff(source[own[labels[own] == label]]) > 0).all()


def test_with_one_image_each_it_is_permuting_within_label():
    labels = np.array([0, 0, 0, 1, 1])
    drawn = exchange(labels, np.arange(5)).drawn(np.random.default_rng(0), 6000)
    counts = Counter(tuple(row.tolist()) for row in drawn)
    assert len(counts) == 6 * 2
    assert min(counts.values()) > 400  # 500 expected of each
    assert np.bincount(drawn[:, 0]).tolist() == pytest.approx([2000] * 3, abs=150)


def test_a_patient_like_no_other_keeps_its_answers():
    labels, patients = np.array([0, 0, 1, 0, 1]), np.array([3, 4, 4, 6, 6])
    found = exchange(labels, patients)
    assert found.movable == pytest.approx(2 / 3)
    drawn = found.drawn(np.random.default_rng(0), 50)
    assert (drawn[:, 0] == 0).all()
    assert {tuple(row[1:].tolist()) for row in drawn} == {(1, 2, 3, 4), (3, 4, 1, 2)}
