"""Fine-tuning: batches, the schedule, and that losses fall by seed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from audit.app.mitigating.regioned import Regioned, labelled, regioned
from audit.app.mitigating.seeing import table_of
from audit.app.mitigating.tuning import Schedule, batches, tune
from audit.core.errors import InputError
from audit.data.load import load
from audit.models.clip import ClipModel
from audit.models.clip_towers.trainable import Trainable
from audit.models.table import open_model
from probes.spurious.regions.edit import crop

torch = pytest.importorskip("torch")

CLASSES = ("cardiomegaly", "effusion", "no finding")


def trainable(folder: Path) -> Trainable:
    model = open_model(f"clip:{folder}")
    assert isinstance(model, ClipModel)
    return model.trainable()


def data(films: Path, model: Trainable) -> Regioned:
    return regioned(load(films).records, "finding", CLASSES, ("quadrant",), model.seen)


def test_every_image_has_its_turn_before_any_comes_twice() -> None:
    made = batches(10, Schedule(steps=5, batch=4), np.random.default_rng(0))
    assert [len(rows) for rows in made] == [4] * 5
    order = np.concatenate(made)
    assert sorted(order[:10]) == sorted(order[10:]) == list(range(10))


def test_the_rate_rises_and_falls() -> None:
    schedule = Schedule(steps=100)
    shares = [schedule.share(step) for step in range(100)]
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == shares[9] == shares[10] == 1
    assert all(a >= b for a, b in pairwise(shares[10:]))
    assert shares[-1] < 0.001


def test_the_table_holds_what_the_model_says_of_images_and_crops(
    films: Path, tiny_checkpoint: Callable[[str], Path]
) -> None:
    model = trainable(tiny_checkpoint("siglip"))
    some = data(films, model).of(np.arange(5))
    made = table_of(model, some, CLASSES)
    assert len(made.image) == 20
    with torch.inference_mode():
        texts = model.texts(CLASSES)
        said = (model.images(some.images) @ texts.T).argmax(dim=1).numpy()
        part = model.images([crop(some.images[2], some.boxes[2][3])])
        score = torch.softmax(part @ texts.T / 0.07, dim=-1).numpy()[0]
    assert made.predictions.tolist() == said.tolist()
    assert made.embeddings[11] == pytest.approx(part.numpy()[0], abs=1e-5)
    assert made.scores[11] == pytest.approx(score, abs=1e-4)


def test_losses_fall_equal_seeds_are_equal_and_the_pushed_regions_leave_the_texts(
    films: Path, tiny_checkpoint: Callable[[str], Path]
) -> None:
    schedule = Schedule(steps=25, batch=6, rate=1e-3)
    losses, closeness = [], []
    for _ in range(2):
        model = trainable(tiny_checkpoint("siglip"))
        some = data(films, model).of(np.arange(12))
        spurious = np.arange(48) % 4 == 0  # the upper left quadrants

        def near(model: Trainable = model, some: Regioned = some, spurious: np.ndarray = spurious) -> float:
            with torch.inference_mode():
                regions = model.regions(some.images, some.boxes)[torch.from_numpy(spurious)]
                return float((regions @ model.texts(CLASSES).T).mean())

        before = near()
        losses.append(tune(model, some, spurious, CLASSES, schedule, np.random.default_rng(0)))
        closeness.append((before, near()))
    assert losses[0] == losses[1]
    assert len(losses[0]) == 25
    totals = [step["total"] for step in losses[0]]
    assert np.mean(totals[-5:]) < np.mean(totals[:5])
    assert closeness[0][1] < closeness[0][0]


def test_without_the_terms_of_regions_they_are_not_computed(
    films: Path, tiny_checkpoint: Callable[[str], Path]
) -> None:
    model = trainable(tiny_checkpoint("clip"))
    some = data(films, model).of(np.arange(6))
    made = tune(model, some, np.zeros(24, bool), CLASSES, Schedule(2, 3, region_aware=False), np.random.default_rng(0))
    assert [step["relevant"] for step in made] == [0, 0]
    assert all(step["contrastive"] > 0 for step in made)


def test_a_label_that_no_image_has_is_refused_with_those_there_are(films: Path) -> None:
    with pytest.raises(InputError, match=r"No image has the label 'mood'.*finding"):
        labelled(load(films).records, "mood")
