"""What discovery works on: images with labels and predictions, and the regions of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class RegionTable:
    """N images of Y classes, and their R regions.

    `labels` (N,) are true classes and `predictions` (N,) predicted ones, in 0..Y-1; a prediction of -1 could not be
    read and is wrong. `patients` (N,) number the unit that is resampled. `image` (R,) is the image of each region,
    never falling; `embeddings` (R, d) are float32 rows of length 1; `scores` (R, Y) are the class scores of each region
    by itself, softmax probabilities or, where a model only answers, 1 for what it said; NaN where it is not known.
    """

    labels: NDArray[np.intp]
    predictions: NDArray[np.intp]
    patients: NDArray[np.intp]
    image: NDArray[np.intp]
    embeddings: NDArray[np.float32]
    scores: NDArray[np.float64]

    @property
    def correct(self) -> NDArray[np.bool_]:
        """(N,): whether each image was classified right."""
        right: NDArray[np.bool_] = self.labels == self.predictions
        return right

    @property
    def n_classes(self) -> int:
        """Y."""
        return int(self.scores.shape[1])

    def regions_of(self, images: NDArray[np.intp]) -> NDArray[np.intp]:
        """Row numbers of the regions of `images` (M,), image by image in that order; an image may come twice."""
        first = np.searchsorted(self.image, images, side="left")
        count = np.searchsorted(self.image, images, side="right") - first
        before = np.cumsum(count) - count
        rows: NDArray[np.intp] = np.repeat(first - before, count) + np.arange(int(count.sum()))
        return rows

    def of(self, images: NDArray[np.intp]) -> RegionTable:
        """The table of `images` (M,) alone, numbered 0..M-1 in that order; its regions are `regions_of(images)`."""
        rows = self.regions_of(images)
        count = np.bincount(self.image, minlength=len(self.labels))[images]
        return RegionTable(
            self.labels[images],
            self.predictions[images],
            self.patients[images],
            np.repeat(np.arange(len(images)), count),
            self.embeddings[rows],
            self.scores[rows],
        )
