"""A frozen two-tower model with a trained linear image projection and trained class texts."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor


@dataclass(frozen=True, eq=False)
class LinearHead:
    """A linear map (d to d, from the identity) behind the frozen image tower, the same for images and for regions, and
    class texts that start at those of the frozen text tower. Trained as a contrastive model is, but for the towers."""

    project: Any
    table: Any

    @classmethod
    def new(cls, texts: NDArray[np.float32]) -> LinearHead:
        """The head that changes nothing, for class texts (Y, d)."""
        import torch
        from torch import nn

        head = cls(nn.Linear(texts.shape[1], texts.shape[1]), nn.Embedding(*texts.shape))
        with torch.no_grad():
            head.project.weight.copy_(torch.eye(texts.shape[1]))
            head.project.bias.zero_()
            head.table.weight.copy_(torch.from_numpy(texts))
        return head

    def copy(self) -> LinearHead:
        """The same weights, to be trained further."""
        return deepcopy(self)

    @property
    def weights(self) -> list[Any]:
        """All parameters."""
        return [*self.project.parameters(), *self.table.parameters()]

    def embedded(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Images (N, d) and regions (N, m, d) of the frozen tower's embeddings (N, 1 + m, d), the image first."""
        import torch

        made = torch.nn.functional.normalize(self.project(inputs), dim=-1)
        return made[:, 0], made[:, 1:]

    def texts(self) -> Tensor:
        """(Y, d), rows of length 1."""
        import torch

        return torch.nn.functional.normalize(self.table.weight, dim=-1)
