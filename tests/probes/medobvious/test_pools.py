"""Groups: which labels mean the same to a reader."""

from __future__ import annotations

import numpy as np
import pytest

from audit.core.dataset import Record
from audit.core.image import Image
from probes.medobvious.pairings import pairings
from probes.medobvious.pools import Group, Pools, group_of


def record(name: str = "r", cluster: str = "c", **labels: str) -> Record:
    return Record(name, Image(lambda: np.zeros((2, 2), np.uint8)), cluster, labels)


@pytest.mark.parametrize(
    ("labels", "group"),
    [
        ({"modality": "X-ray", "anatomy": "chest", "view": "AP supine"}, Group("X-ray", "chest", "frontal", "")),
        ({"modality": "X-ray", "anatomy": "Lung", "view": "PA"}, Group("X-ray", "chest", "frontal", "")),
        ({"modality": "X-ray", "anatomy": "chest", "view": "coronal"}, Group("X-ray", "chest", "frontal", "")),
        ({"modality": "CT", "anatomy": "brain", "view": "transverse"}, Group("CT", "head", "axial", "")),
        ({"modality": "CT or MRI", "anatomy": "head"}, Group("", "head", "", "")),
        ({"modality": "CT", "anatomy": "chest, abdomen"}, Group("CT", "", "", "")),
        ({}, Group("", "", "", "")),
    ],
)  # fmt: skip
def test_groups(labels: dict[str, str], group: Group) -> None:
    assert group_of(record(**labels)) == group


def test_films_taken_from_front_and_back_are_no_outliers_of_each_other() -> None:
    groups = [Group("X-ray", "chest", "frontal", ""), Group("X-ray", "chest", "lateral", "")]
    assert {pair.violation for pair in pairings("view", groups)} == {"lateral among frontal", "frontal among lateral"}
    assert not pairings("view", [Group("ultrasound", "abdomen", v, "") for v in ("longitudinal", "transverse")])


def test_mirroring_is_a_fault_only_where_sides_differ() -> None:
    def faults(*group: str) -> set[str]:
        return {pair.violation for pair in pairings("integrity", [Group(*group, "")])}

    assert "mirrored" in faults("X-ray", "chest", "frontal")
    assert "mirrored" not in faults("X-ray", "chest", "lateral")
    assert "mirrored" not in faults("X-ray", "chest", "")
    assert "mirrored" not in faults("MRI", "head", "axial")
    assert faults("histology", "colon", "") == {"truncated", "corrupted", "non_medical", "duplicate"}
    assert "rotated" not in faults("ultrasound", "abdomen", "")
    assert "inverted" not in faults("PET", "chest", "axial")


def test_a_patient_is_taken_once_and_two_images_of_one_patient_never_together() -> None:
    data = [record(f"r{i}", f"p{i // 2}", modality="CT", anatomy="head") for i in range(8)]
    pools = Pools.of(data, 1)
    (group,) = pools.free
    rng = np.random.default_rng(0)
    taken = pools.take(group, 4, None, rng)
    assert taken is not None
    assert len({r.cluster for r in taken}) == 4
    assert pools.take(group, 1, None, rng) is None
