import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.spurious.discovery.halves import compositions, discovery_half

IMAGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=1, max_size=60)


@given(IMAGES, st.integers(0, 2**32))
def test_no_patient_is_split_and_every_composition_is_halved(images, seed):
    labels, patients = (np.array(column) for column in zip(*images, strict=True))
    chosen = discovery_half(labels, patients, np.random.default_rng(seed))
    by_patient = {}
    for patient, half in zip(patients, chosen, strict=True):
        by_patient.setdefault(patient, set()).add(bool(half))
    assert all(len(halves) == 1 for halves in by_patient.values())
    of = {p: tuple(sorted(labels[patients == p])) for p in by_patient}
    for kind in set(of.values()):
        halves = [next(iter(by_patient[p])) for p in by_patient if of[p] == kind]
        assert abs(sum(halves) - (len(halves) - sum(halves))) <= 2
    assert abs(2 * sum(next(iter(h)) for h in by_patient.values()) - len(by_patient)) <= 1


def test_each_label_is_halved_where_patients_have_one_image():
    labels = np.arange(400) % 4
    chosen = discovery_half(labels, np.arange(400), np.random.default_rng(0))
    assert np.bincount(labels[chosen]).tolist() == [50] * 4


def test_the_seed_settles_it_and_either_half_is_as_likely():
    labels, patients = np.repeat([0, 1], 5), np.arange(10)
    drawn = [discovery_half(labels, patients, np.random.default_rng(seed)) for seed in range(2000)]
    assert (drawn[3] == discovery_half(labels, patients, np.random.default_rng(3))).all()
    assert np.mean(drawn, axis=0) == pytest.approx(0.5, abs=0.05)


def test_compositions_count_labels_and_not_their_order():
    labels = np.array([0, 1, 1, 0, 0, 1, 1, 2])
    patients = np.array([5, 5, 7, 7, 8, 8, 8, 9])
    keys, of = compositions(labels, patients)
    assert of.tolist() == [0, 0, 1, 1, 2, 2, 2, 3]
    assert keys[0] == keys[1]
    assert len(set(keys.tolist())) == 3
