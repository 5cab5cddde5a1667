"""Settings on chest phantoms: marker, drain or ruler beside findings, seen by a frozen tower with a trained head."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audit.app.benching import association
from audit.app.benching.films import FINDINGS, Films, films
from audit.app.benching.linear_head import LinearHead
from audit.app.benching.phantom_marks import FEATURES
from audit.app.benching.setting import Played, Setting, generator, learned, table_of, torch_seed
from audit.app.benching.training import read, train


@dataclass(frozen=True)
class PhantomSizes:
    """Patients that are trained on, of which it is measured what was learned, and of whom evaluation sets are made of
    `drawn` each; epochs of pre-training and of fine-tuning."""

    train: int = 900
    verify: int = 200
    evaluate: int = 500
    drawn: int = 300
    pretrain_epochs: int = 20
    finetune_epochs: int = 20


@dataclass(frozen=True)
class PhantomStage:
    """The stage. One seed, one set of films, the same models."""

    sizes: PhantomSizes = PhantomSizes()
    seed: int = 0
    name: str = "phantoms"
    features: tuple[str, ...] = FEATURES
    classes: tuple[str, ...] = FINDINGS

    @property
    def films(self) -> Films:
        """All films, embedded once."""
        return films(self.sizes.train + self.sizes.verify + self.sizes.evaluate, self.seed)

    def prepare(self) -> None:
        """Draw and embed the films, and pre-train."""
        for feature in self.features:
            _pretrained(self.sizes, self.seed, feature)

    def play(self, setting: Setting) -> Played:
        """Fine-tune a copy of the pre-trained head, see what it learned, and embed an evaluation set in which the
        feature is in half of the images, whatever they show."""
        sizes, labels = self.sizes, self.films.labels
        model = _pretrained(sizes, self.seed, setting.feature).copy()
        rng = generator(self.seed, "finetune", setting.name)
        rows = rng.choice(sizes.train, sizes.train)
        has = association.planted(labels[rows], setting.target, setting.v, 1 / len(FINDINGS), rng)
        inputs = self.inputs(rows, setting.feature, has)
        train(model, inputs, labels[rows], sizes.finetune_epochs, torch_seed(self.seed, setting.name))
        rows = sizes.train + np.arange(sizes.verify)
        has = rng.random(len(rows)) < 0.5
        called = read(model, self.inputs(rows, setting.feature, has)).predictions
        told = learned(labels[rows], called, has, setting.target)
        rng = generator(self.seed, "evaluate", setting.name)
        first = sizes.train + sizes.verify
        rows = first + rng.choice(sizes.evaluate, min(sizes.drawn, sizes.evaluate), replace=False)
        has = rng.random(len(rows)) < 0.5
        holds = np.zeros((len(rows), 4), dtype=np.bool_)
        holds[np.arange(len(rows)), self.films.places[rows, FEATURES.index(setting.feature)]] = has
        seen = read(model, self.inputs(rows, setting.feature, has))
        return Played(table_of(seen, labels[rows], rows), holds.reshape(-1), told)

    def inputs(self, rows: NDArray[np.intp], feature: str, has: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Embeddings (n, 5, d) of films with the feature where `has` (n,) says so."""
        chosen: NDArray[np.float32] = np.where(
            has[:, None, None], self.films.marked[feature][rows], self.films.bare[rows]
        )
        return chosen


@lru_cache(maxsize=8)
def _pretrained(sizes: PhantomSizes, seed: int, feature: str) -> LinearHead:
    """A head trained on films in half of which there is the feature."""
    stage = PhantomStage(sizes, seed)
    rng = generator(seed, "pretrain", feature)
    rows = np.arange(sizes.train)
    model = LinearHead.new(stage.films.texts)
    inputs = stage.inputs(rows, feature, rng.random(len(rows)) < 0.5)
    train(model, inputs, stage.films.labels[rows], sizes.pretrain_epochs, torch_seed(seed, "order", feature))
    return model
