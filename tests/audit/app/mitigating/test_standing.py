"""Groups, the worst of them, and whether a region cluster is still found."""

from __future__ import annotations

import numpy as np
import pytest

from audit.app.mitigating.standing import Finding, grouped, share, standing, still_found
from audit.stats.proportion import clopper_pearson_lower
from probes.spurious.discovery.region_table import RegionTable

pytest.importorskip("kmedoids")


def table(predictions: np.ndarray, labels: np.ndarray, kind: np.ndarray, scores: np.ndarray) -> RegionTable:
    """Two regions an image, of the kinds (N, 2)."""
    n = len(labels)
    embeddings = np.eye(6, dtype=np.float32)[kind.ravel()]
    return RegionTable(labels, predictions, np.arange(n), np.repeat(np.arange(n), 2), embeddings, scores)


def misled(n: int = 240, seed: int = 0) -> tuple[RegionTable, np.ndarray]:
    """Half of the images have region kind 3, and with it class 0 is said of most images."""
    rng = np.random.default_rng(seed)
    labels, has = np.arange(n) % 3, rng.random(n) < 0.5
    said = np.where(has & (rng.random(n) < 0.7), 0, labels)
    said = np.where(~has & (labels == 0) & (rng.random(n) < 0.4), 1, said)
    kind = np.column_stack([labels, np.where(has, 3, 4)])
    scores = np.eye(3)[np.where(kind.ravel() == 3, 0, np.minimum(kind.ravel(), 2))] * 0.5 + 1 / 6
    scores[kind.ravel() == 3, 0] += 0.2
    return table(said, labels, kind, scores), kind.ravel() == 3


def test_groups_are_counted_and_their_intervals_exact() -> None:
    made, member = misled()
    present = np.zeros(240, dtype=bool)
    present[made.image[member]] = True
    groups = grouped(made, present)
    assert [(one.label, one.has) for one in groups] == [(y, has) for y in range(3) for has in (False, True)]
    for one in groups:
        rows = (made.labels == one.label) & (present == one.has)
        assert one.right.estimate == pytest.approx(made.correct[rows].mean())
        if 0 < one.right.estimate < 1:  # one image a patient: Clopper-Pearson on one image less
            low = clopper_pearson_lower(made.correct[rows].sum(), rows.sum(), 0.025)
            assert one.right.interval.low == pytest.approx(low, abs=0.005)


def test_the_worst_group_is_the_lowest_of_those_that_are_large_enough() -> None:
    made, _ = misled()
    assignment = made.embeddings.argmax(axis=1)
    told = standing(made, assignment, Finding(3, np.eye(6, dtype=np.float32), 0, 0, 0), np.random.default_rng(0))
    worst = told.worst
    assert worst is not None
    assert worst.has
    assert worst.label in (1, 2)
    assert worst.right.estimate == min(group.right.estimate for group in told.groups)
    assert told.influence == 1
    assert told.gap > 0.5
    assert told.p < 0.05
    few = made.of(np.arange(24))
    assert standing(few, assignment[:48], Finding(3, np.eye(6), 0, 0, 0), np.random.default_rng(0)).worst is None


def test_a_cluster_is_still_found_while_the_model_errs_with_it_and_not_when_it_does_not() -> None:
    made, member = misled()
    assert still_found(made, member, np.random.default_rng(0))["found"]
    fine = RegionTable(made.labels, made.labels, made.patients, made.image, made.embeddings, made.scores)
    told = still_found(fine, member, np.random.default_rng(0))
    assert told == {"found": False, "jaccard": 0.0, "kept_clusters": 0}
    other = still_found(made, ~member, np.random.default_rng(0))
    assert not other["found"]
    assert other["kept_clusters"] >= 1


def test_several_images_of_a_patient_widen_the_interval() -> None:
    right = np.repeat(np.random.default_rng(0).random(20) < 0.7, 5)
    alone, together = share(right, np.arange(100)), share(right, np.repeat(np.arange(20), 5))
    assert alone.estimate == together.estimate
    assert together.interval.high - together.interval.low > alone.interval.high - alone.interval.low
