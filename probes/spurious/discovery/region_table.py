"""What discovery works on: images with labels and predictions, and the regions of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class RegionTable:
    """N images of Y classes, and their R regions.

    `labels` (N,) are true classes and `predictions` (N,) predicted ones, in 0..Y-1; a prediction of -1 could not be
    read and is wrong. `patients` (N,) number the unit that is resampled. `image` (R,) is the image of each region,
    never falling; `embeddings` (R, d) are float32 rows of length 1; `scores` (R, Y) are the class scores of each region
    by itself, softmax probabilities or, where a model only answers, 1 for what it said.
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
