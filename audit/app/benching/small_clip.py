"""A small contrastive model: a convolutional image tower and a table of class texts."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

WIDTH, DIMENSION = 16, 32


@dataclass(frozen=True, eq=False)
class SmallClip:
    """Three convolutions, the mean over the image and a projection make an image's embedding; the same mean over a
    quadrant and the same projection that of a region (pooling of features, as RoIAlign does). Texts are one learned
    embedding per class. About 30,000 weights, float32."""

    features: Any
    project: Any
    table: Any

    @classmethod
    def new(cls, classes: int, seed: int) -> SmallClip:
        """Random weights by seed; the global generator of torch is left as it was."""
        import torch
        from torch import nn

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            features = nn.Sequential(
                nn.Conv2d(3, WIDTH, 5, 2, 2), nn.ReLU(),
                nn.Conv2d(WIDTH, 2 * WIDTH, 3, 2, 1), nn.ReLU(),
                nn.Conv2d(2 * WIDTH, 4 * WIDTH, 3, 1, 1), nn.ReLU(),
            )  # fmt: skip
            return cls(features, nn.Linear(4 * WIDTH, DIMENSION), nn.Embedding(classes, DIMENSION))

    def copy(self) -> SmallClip:
        """The same weights, to be trained further."""
        return deepcopy(self)

    @property
    def weights(self) -> list[Any]:
        """All parameters."""
        return [weight for part in (self.features, self.project, self.table) for weight in part.parameters()]

    def embedded(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Images (N, d) and their four quadrants (N, 4, d), rows of length 1, of uint8 pixels (N, 56, 56, 3)."""
        import torch

        unit = torch.nn.functional.normalize
        maps = self.features(inputs.permute(0, 3, 1, 2).float() / 127.5 - 1)
        quarters = torch.nn.functional.avg_pool2d(maps, maps.shape[-1] // 2).flatten(2).transpose(1, 2)
        return unit(self.project(quarters.mean(dim=1)), dim=-1), unit(self.project(quarters), dim=-1)

    def texts(self) -> Tensor:
        """(Y, d), rows of length 1."""
        import torch

        return torch.nn.functional.normalize(self.table.weight, dim=-1)
