"""Settings on digits: a model pre-trained beside squares at random, fine-tuned where they go with one digit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from audit.app.benching.association import planted
from audit.app.benching.digits import Digits, Scenes
from audit.app.benching.setting import Learned, Played, Setting, generator, learned, table_of, torch_seed
from audit.app.benching.small_clip import SmallClip
from audit.app.benching.training import read, train

CLASSES = tuple("0123456789")
SHARE = 1 / len(CLASSES)


@dataclass(frozen=True)
class DigitSizes:
    """Images and epochs of pre-training and of fine-tuning, images of which it is measured what was learned, and of
    an evaluation set; `bases` pre-trained models take turns."""

    pretrain: int = 2000
    pretrain_epochs: int = 5
    finetune: int = 2000
    finetune_epochs: int = 3
    verify: int = 1000
    evaluate: int = 600
    bases: int = 2

    @property
    def pretraining(self) -> tuple[int, int]:
        """All that a pre-trained model depends on."""
        return self.pretrain, self.pretrain_epochs


PUBLISHED = DigitSizes(pretrain=40_000, finetune=10_000, verify=2000, evaluate=2000)
# the published numbers of images; epochs are not published


@dataclass(frozen=True)
class DigitStage:
    """The stage. One seed, one split of the digits, the same models."""

    sizes: DigitSizes = DigitSizes()
    seed: int = 0
    name: str = "digits"
    features: tuple[str, ...] = ("square",)
    classes: tuple[str, ...] = CLASSES

    @property
    def digits(self) -> Digits:
        """The digit images."""
        return _digits(self.seed)

    def play(self, setting: Setting) -> Played:
        """Fine-tune a copy of a pre-trained model, see what it learned, and embed an evaluation set in which the square
        is in half of the images, whatever they show."""
        model = self.tuned(setting)
        checked = self.halved("verify", self.sizes.verify, generator(self.seed, "verify", setting.name))
        told = learned(checked.labels, read(model, checked.pixels).predictions, checked.has, setting.target)
        return self.seen(setting, model, told)

    def tuned(self, setting: Setting) -> SmallClip:
        """The fine-tuned model."""
        scenes = self.tuning_scenes(setting)
        model = self.pretrained(setting)
        train(model, scenes.pixels, scenes.labels, self.sizes.finetune_epochs, torch_seed(self.seed, setting.name))
        return model

    def pretrained(self, setting: Setting) -> SmallClip:
        """A copy of the pre-trained model whose turn it is."""
        return _pretrained(self.sizes.pretraining, self.seed, setting.number % self.sizes.bases).copy()

    def tuning_scenes(self, setting: Setting) -> Scenes:
        """The images that the model is fine-tuned on."""
        rng = generator(self.seed, "finetune", setting.name)
        source = self.digits.drawn("train", self.sizes.finetune, rng)
        has = planted(self.digits.labels[source], setting.target, setting.v, SHARE, rng)
        return self.digits.scenes(source, has, rng)

    def seen(self, setting: Setting, model: SmallClip, told: Learned) -> Played:
        """The evaluation set as a model sees it."""
        scenes = self.halved("evaluate", self.sizes.evaluate, generator(self.seed, "evaluate", setting.name))
        return Played(
            table_of(read(model, scenes.pixels), scenes.labels, scenes.source), scenes.holds.reshape(-1), told
        )

    def halved(self, part: str, n: int, rng: np.random.Generator) -> Scenes:
        """Images with the square in half of them."""
        source = self.digits.drawn(part, n, rng)
        return self.digits.scenes(source, rng.random(n) < 0.5, rng)

    def prepare(self) -> None:
        """Pre-train."""
        for base in range(self.sizes.bases):
            _pretrained(self.sizes.pretraining, self.seed, base)


@lru_cache(maxsize=4)
def _digits(seed: int) -> Digits:
    return Digits(seed)


@lru_cache(maxsize=8)
def _pretrained(sizes: tuple[int, int], seed: int, base: int) -> SmallClip:
    """A model trained on images in half of which there is a square; `sizes` are images and epochs."""
    count, epochs = sizes
    stage = DigitStage(seed=seed)
    scenes = stage.halved("train", count, generator(seed, "pretrain", base))
    model = SmallClip.new(len(CLASSES), torch_seed(seed, "weights", base))
    train(model, scenes.pixels, scenes.labels, epochs, torch_seed(seed, "order", base))
    return model
