"""Training and reading a contrastive model of the bench, whatever its towers are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from probes.spurious.mitigation.loss import TEMPERATURE, contrastive

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

BATCH, RATE = 64, 2e-3
READ = 500  # images at a time without gradients


class Contrastive(Protocol):
    """An image tower that also embeds the regions of an image, and class texts."""

    @property
    def weights(self) -> list[Any]:
        """All parameters that are trained."""

    def embedded(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Images (N, d) and their regions (N, m, d), rows of length 1."""

    def texts(self) -> Tensor:
        """Class texts (Y, d), rows of length 1."""


@dataclass(frozen=True, eq=False)
class Read:
    """Predicted classes (N,), embeddings (N, m, d) and class scores (N, m, Y) of the regions."""

    predictions: NDArray[np.intp]
    regions: NDArray[np.float32]
    scores: NDArray[np.float64]


Loss = Callable[[Contrastive, "Tensor", "Tensor", "Tensor"], "Tensor"]


def contrastive_loss(model: Contrastive, inputs: Tensor, labels: Tensor, _: Tensor) -> Tensor:
    """The contrastive loss alone."""
    return contrastive(model.embedded(inputs)[0], model.texts(), labels)


def train(
    model: Contrastive,
    inputs: NDArray[Any],
    labels: NDArray[np.intp],
    epochs: int,
    seed: int,
    loss: Loss = contrastive_loss,
) -> None:
    """Train in place: AdamW, batches of 64 in an order by seed. `loss` gets the model, inputs and labels of a batch and
    the numbers of its images."""
    import torch

    order = torch.Generator().manual_seed(seed)
    given, truth = torch.from_numpy(inputs), torch.from_numpy(labels)
    optimiser = torch.optim.AdamW(model.weights, RATE)
    for _ in range(epochs):
        for chosen in torch.randperm(len(given), generator=order).split(BATCH):
            optimiser.zero_grad()
            loss(model, given[chosen], truth[chosen], chosen).backward()
            optimiser.step()


def read(model: Contrastive, inputs: NDArray[Any]) -> Read:
    """What a model makes of images: the class whose text is nearest, and of each region a softmax over the classes of
    cosine / 0.07 (RaVL, section 3.1)."""
    import torch

    with torch.inference_mode():
        parts = [model.embedded(some) for some in torch.from_numpy(inputs).split(READ)]
        images, regions, texts = torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts]), model.texts()
        scores = torch.softmax(regions @ texts.T / TEMPERATURE, dim=-1)
        return Read((images @ texts.T).argmax(dim=1).numpy(), regions.numpy(), scores.double().numpy())
