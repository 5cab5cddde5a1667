"""Settings on chest phantoms: a marker, a drain or a ruler beside findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audit.app.benching import association
from audit.app.benching.films import FINDINGS, Films, films
from audit.app.benching.phantom_marks import FEATURES
from audit.app.benching.setting import Played, Setting, generator, learned, table_of, torch_seed
from audit.app.benching.small_clip import SmallClip
from audit.app.benching.training import read, train


@dataclass(frozen=True)
class PhantomSizes:
    """Patients that are trained on, of which it is measured what was learned, and of whom evaluation sets are made of
    `drawn` each; epochs of pre-training and of fine-tuning."""

    train: int = 900
    verify: int = 200
    evaluate: int = 500
    drawn: int = 300
    pretrain_epochs: int = 5
    finetune_epochs: int = 6


@dataclass(frozen=True)
class PhantomStage:
    """The stage. One seed, one set of films, the same model."""

    sizes: PhantomSizes = PhantomSizes()
    seed: int = 0
    name: str = "phantoms"
    features: tuple[str, ...] = FEATURES
    classes: tuple[str, ...] = FINDINGS

    @property
    def films(self) -> Films:
        """All films, drawn once."""
        return films(self.sizes.train + self.sizes.verify + self.sizes.evaluate, self.seed)

    def prepare(self) -> None:
        """Draw the films, and pre-train."""
        _pretrained(self.sizes, self.seed)

    def play(self, setting: Setting) -> Played:
        """Fine-tune a copy of the pre-trained model, see what it learned, and embed an evaluation set in which the
        feature is in half of the images, whatever they show."""
        sizes, labels = self.sizes, self.films.labels
        model = _pretrained(sizes, self.seed).copy()
        rng = generator(self.seed, "finetune", setting.name)
        rows = rng.choice(sizes.train, sizes.train)
        has = association.planted(labels[rows], setting.target, setting.v, 1 / len(FINDINGS), rng)
        pixels = self.pixels(rows, setting.feature, has)
        train(model, pixels, labels[rows], sizes.finetune_epochs, torch_seed(self.seed, setting.name))
        rows = np.tile(sizes.train + np.arange(sizes.verify), 2)  # each film with the feature and without
        has = np.arange(len(rows)) < sizes.verify
        called = read(model, self.pixels(rows, setting.feature, has)).predictions
        told = learned(labels[rows], called, has, setting.target)
        rng = generator(self.seed, "evaluate", setting.name)
        first = sizes.train + sizes.verify
        rows = first + rng.choice(sizes.evaluate, min(sizes.drawn, sizes.evaluate), replace=False)
        has = rng.random(len(rows)) < 0.5
        holds = np.zeros((len(rows), 4), dtype=np.bool_)
        holds[np.arange(len(rows)), self.films.places[rows, FEATURES.index(setting.feature)]] = has
        seen = read(model, self.pixels(rows, setting.feature, has))
        return Played(table_of(seen, labels[rows], rows), holds.reshape(-1), told)

    def pixels(self, rows: NDArray[np.intp], feature: str, has: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """Films (n, 56, 56, 3) with the feature where `has` (n,) says so."""
        there = has[:, None, None]
        grey = np.where(there, self.films.marked[feature][rows], self.films.bare[rows])
        return np.repeat(grey[..., None], 3, axis=-1)


@lru_cache(maxsize=4)
def _pretrained(sizes: PhantomSizes, seed: int) -> SmallClip:
    """A model trained on every film three times an epoch, each time with another feature or, as often, without it."""
    stage = PhantomStage(sizes, seed)
    rng = generator(seed, "pretrain")
    rows = np.arange(sizes.train)
    parts = [stage.pixels(rows, feature, rng.random(len(rows)) < 0.5) for feature in FEATURES]
    model = SmallClip.new(len(FINDINGS), torch_seed(seed, "weights"))
    labels = np.tile(stage.films.labels[rows], len(FEATURES))
    train(model, np.concatenate(parts), labels, sizes.pretrain_epochs, torch_seed(seed, "order"))
    return model
