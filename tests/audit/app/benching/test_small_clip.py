"""The small contrastive model: regions are what they say, training is by seed, and it learns."""

from __future__ import annotations

import numpy as np
import pytest

from audit.app.benching.digits import Digits
from audit.app.benching.small_clip import SmallClip
from audit.app.benching.training import read, train

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")


def scenes(n: int, seed: int = 0):  # type: ignore[no-untyped-def]
    digits, rng = Digits(0), np.random.default_rng(seed)
    return digits.scenes(digits.drawn("train", n, rng), rng.random(n) < 0.5, rng)


def test_a_region_changes_only_with_what_its_quadrant_can_see() -> None:
    model, some = SmallClip.new(10, 0), scenes(4).pixels
    other = some.copy()
    other[:, 40:, 40:] = 255 - other[:, 40:, 40:]  # deep inside the lower right
    with torch.inference_mode():
        images, regions = model.embedded(torch.from_numpy(some))
        changed_images, changed = model.embedded(torch.from_numpy(other))
    assert torch.equal(regions[:, :3], changed[:, :3])
    assert not torch.allclose(regions[:, 3], changed[:, 3])
    assert not torch.allclose(images, changed_images)
    assert torch.allclose(regions.norm(dim=-1), torch.ones(4, 4))


def test_the_same_seed_trains_the_same_model_and_a_copy_stays_as_it_was() -> None:
    some = scenes(128)
    first, second = SmallClip.new(10, 7), SmallClip.new(10, 7)
    untouched = first.copy()
    for model in (first, second):
        train(model, some.pixels, some.labels, 1, seed=3)
    assert all(torch.equal(a, b) for a, b in zip(first.weights, second.weights, strict=True))
    assert not any(torch.equal(a, b) for a, b in zip(first.weights, untouched.weights, strict=True))


def test_it_learns_to_read_digits_better_than_chance() -> None:
    some, model = scenes(900), SmallClip.new(10, 1)
    train(model, some.pixels, some.labels, 7, seed=1)
    right = read(model, some.pixels).predictions == some.labels
    assert right.mean() > 0.3  # a tenth by chance


def test_scores_are_softmax_of_cosines_over_the_temperature() -> None:
    some, model = scenes(5), SmallClip.new(10, 2)
    told = read(model, some.pixels)
    with torch.inference_mode():
        texts = model.texts().numpy()
    logits = told.regions @ texts.T / 0.07
    expected = np.exp(logits - logits.max(axis=-1, keepdims=True))
    assert told.scores == pytest.approx(expected / expected.sum(axis=-1, keepdims=True), abs=1e-5)
