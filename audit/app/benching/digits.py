"""Digits beside a red square: scikit-learn's own digit images in the published construction of two by two quadrants."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from audit.core.errors import InputError

SIDE = 28
RED = (255, 0, 0)
PARTS = ("train", "verify", "evaluate")
SHARES = (0.6, 0.1, 0.3)


@dataclass(frozen=True, eq=False)
class Scenes:
    """N images with `pixels` (N, 56, 56, 3) uint8, `labels` (N,), whether they have the feature, `has` (N,), which of
    their four quadrants hold it, `holds` (N, 4), and `source` (N,), the digit image that each shows."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.intp]
    has: NDArray[np.bool_]
    holds: NDArray[np.bool_]
    source: NDArray[np.intp]


@dataclass(frozen=True)
class Digits:
    """The 1,797 digit images of 8 x 8, split at random by `seed`: 60% are trained on, on 10% it is measured what a
    model learned, 30% make evaluation sets."""

    seed: int

    @cached_property
    def images(self) -> NDArray[np.uint8]:
        """(1797, 28, 28) uint8: white on black, scaled up bilinearly. Raises `InputError` without scikit-learn."""
        from PIL import Image as Picture

        raw = np.rint(self._raw[0] * (255 / 16)).astype(np.uint8)
        size, how = (SIDE, SIDE), Picture.Resampling.BILINEAR
        return np.stack([np.asarray(Picture.fromarray(one).resize(size, how)) for one in raw])

    @cached_property
    def _raw(self) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        try:
            from sklearn.datasets import load_digits
        except ImportError as error:
            raise InputError(
                "The digits come with scikit-learn, which is not installed", remedy="pip install 'medaudit[bench]'"
            ) from error
        data = load_digits()
        return data.images, data.target.astype(np.intp)

    @property
    def labels(self) -> NDArray[np.intp]:
        """(1797,) in 0..9."""
        return self._raw[1]

    @cached_property
    def parts(self) -> dict[str, NDArray[np.intp]]:
        """The images of each part."""
        order = np.random.default_rng([self.seed, 0]).permutation(len(self.labels))
        ends = np.rint(np.cumsum(SHARES)[:-1] * len(order)).astype(int)
        return dict(zip(PARTS, np.split(order, ends), strict=True))

    def drawn(self, part: str, n: int, rng: np.random.Generator) -> NDArray[np.intp]:
        """`n` digit images of a part, each once where there are as many."""
        own = self.parts[part]
        return rng.choice(own, n, replace=n > len(own))

    def scenes(self, source: NDArray[np.intp], has: NDArray[np.bool_], rng: np.random.Generator) -> Scenes:
        """Each digit in one quadrant at random, and where `has` (N,) says so a solid red square that fills another."""
        count = len(source)
        places = rng.permuted(np.tile(np.arange(4), (count, 1)), axis=1)[:, :2]
        tiles = np.zeros((count, 4, SIDE, SIDE, 3), dtype=np.uint8)
        tiles[np.arange(count), places[:, 0]] = self.images[source][..., None]
        tiles[np.flatnonzero(has), places[has, 1]] = RED
        holds = np.zeros((count, 4), dtype=np.bool_)
        holds[np.flatnonzero(has), places[has, 1]] = True
        rows = tiles.reshape(count, 2, 2, SIDE, SIDE, 3).transpose(0, 1, 3, 2, 4, 5)
        return Scenes(rows.reshape(count, 2 * SIDE, 2 * SIDE, 3), self.labels[source], has, holds, source)
