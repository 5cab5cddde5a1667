"""One setting tried: on tables whose truth is made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from audit.app.benching.setting import learned
from audit.app.benching.trial import dealt, methods, on_halves
from probes.spurious.discovery.region_table import RegionTable

pytest.importorskip("kmedoids")


def table(n: int, share: float, seed: int) -> tuple[RegionTable, np.ndarray]:
    """Three classes; images have a region of their class, a blank one and perhaps the feature, by which `share` of the
    images of other classes are called class 0. The rest errs in a quarter of the images, at random."""
    rng = np.random.default_rng(seed)
    labels, has = rng.integers(0, 3, n), rng.random(n) < 0.5
    wrong = rng.random(n) < 0.25
    predictions = np.where(wrong, (labels + rng.integers(1, 3, n)) % 3, labels)
    predictions = np.where(has & (rng.random(n) < share), 0, predictions)
    centres = np.eye(16)[:5]
    kind = np.column_stack([labels, np.full(n, 3), np.where(has, 4, 3)])
    embeddings = centres[kind.ravel()] + rng.normal(0, 0.1, (3 * n, 16))
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    scores = np.full((3 * n, 3), 1 / 3)
    scores[np.arange(0, 3 * n, 3)] = np.eye(3)[labels] * 0.4 + 0.2
    scores[kind.ravel() == 4] = (0.8, 0.1, 0.1)
    made = RegionTable(
        labels, predictions, np.arange(n), np.repeat(np.arange(n), 3), embeddings.astype(np.float32), scores
    )
    return made, kind.ravel() == 4


def test_a_planted_feature_is_found_and_ranked_first_and_its_class_is_named() -> None:
    made, holds = table(600, 0.6, 0)
    told = methods(made, holds, np.random.default_rng(0))
    for name in ("tested", "published"):
        assert told[name].found
        assert told[name].precision == 1
        assert told[name].attribute == 0
    assert told["tested"].p <= 0.05
    assert told["random"].precision < 0.6


def test_errors_that_hang_together_with_nothing_are_found_at_the_stated_rate() -> None:
    found = 0
    for seed in range(60):
        made, holds = table(200, 0.6, seed)
        found += on_halves(dealt(made, np.random.default_rng(seed)), holds, np.random.default_rng(seed)).found
    assert found <= 8  # 0.05: more than eight of sixty has probability 0.004


def test_dealing_out_keeps_the_predictions_of_each_class() -> None:
    made, _ = table(100, 0.5, 1)
    other = dealt(made, np.random.default_rng(0))
    assert not np.array_equal(made.predictions, other.predictions)
    for label in range(3):
        rows = made.labels == label
        assert sorted(made.predictions[rows]) == sorted(other.predictions[rows])


def test_what_was_learned_is_counted_over_the_other_classes() -> None:
    labels = np.array([0, 0, 1, 1, 1, 1, 2, 2])
    has = np.array([1, 0, 1, 1, 0, 0, 1, 0], dtype=bool)
    said = np.array([0, 0, 0, 1, 1, 1, 0, 0])
    told = learned(labels, said, has, 0)
    assert (told.called_with.hits, told.called_with.runs) == (2, 3)
    assert (told.called_without.hits, told.called_without.runs) == (1, 3)
    assert (told.right_with.hits, told.right_without.hits) == (1, 2)
    assert told.rise == pytest.approx(1 / 3)
