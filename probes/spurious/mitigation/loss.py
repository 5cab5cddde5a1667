"""The region-aware contrastive loss: total = 0.8 contrastive + 0.2 (L_R + L_A).

Varma et al. 2024 (RaVL, section 3.3; arXiv 2411.04097) give the outline: pull relevant regions towards the right text,
push the regions of the spurious cluster from every text. Each term is written out below as it is computed here. All are
means, of L2-normalised embeddings, differentiable in regions, images and texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

TEMPERATURE = 0.07
CONTRASTIVE_SHARE = 0.8


@dataclass(frozen=True, eq=False)
class Batch:
    """N images with `labels` (N,) in 0..Y-1 and what the towers make of them.

    `images` (N, d), `texts` (Y, d), `regions` (R, d) are rows of length 1; `image` (R,) is the image of each region and
    `spurious` (R,) whether it lies in the spurious region cluster: the other regions are the relevant ones.
    """

    labels: Tensor
    images: Tensor
    texts: Tensor
    regions: Tensor
    image: Tensor
    spurious: Tensor


def region_aware(batch: Batch, temperature: float = TEMPERATURE) -> dict[str, Tensor]:
    """The total and its three terms, scalars: "total", "contrastive", "relevant" (L_R) and "spurious" (L_A).

    A term without regions is 0. Raises `ValueError` for an image of a region that is not there.
    """
    if len(batch.image) and not 0 <= int(batch.image.min()) <= int(batch.image.max()) < len(batch.labels):
        raise ValueError(f"Expected regions of images 0 to {len(batch.labels) - 1}.")
    relevant = ~batch.spurious
    terms = {
        "contrastive": contrastive(batch.images, batch.texts, batch.labels, temperature),
        "relevant": pulled(batch.regions[relevant], batch.image[relevant], batch.texts, batch.labels, temperature),
        "spurious": pushed(batch.regions[batch.spurious], batch.texts, temperature),
    }
    rest = terms["relevant"] + terms["spurious"]
    return {"total": CONTRASTIVE_SHARE * terms["contrastive"] + (1 - CONTRASTIVE_SHARE) * rest, **terms}


def contrastive(images: Tensor, texts: Tensor, labels: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """CLIP's symmetric loss (Radford et al. 2021, figure 3) where several images share a class text.

    Half is the cross-entropy of each image over the Y texts; half is, for each class of the batch, that of its images
    over all images: - mean over images i of the class of log softmax_i (cosine / temperature), averaged over classes.
    """
    import torch

    logits = images @ texts.T / temperature
    to_texts = torch.nn.functional.cross_entropy(logits, labels)
    shares = torch.log_softmax(logits, dim=0).gather(1, labels[:, None])[:, 0]
    weights = 1 / torch.bincount(labels, minlength=len(texts)).to(logits.dtype)[labels]
    return (to_texts - (shares * weights).sum() / weights.sum()) / 2


def pulled(regions: Tensor, image: Tensor, texts: Tensor, labels: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """L_R: relevant regions towards the text of their image's class.

    Mean over images that have one of - log (sum over its regions r of e(r, y) / sum over r and all texts k of e(r, k)),
    where e(r, k) = exp(cosine(r, k) / temperature). The sum over regions lets one region show the class; the others
    have to resemble no text.
    """
    import torch

    if not len(regions):
        return texts.sum() * 0
    logits = regions @ texts.T / temperature
    size = (len(labels), len(texts))
    where = image[:, None].expand_as(logits)
    top = torch.full(size, -torch.inf, dtype=logits.dtype).scatter_reduce(0, where, logits.detach(), "amax")
    summed = torch.zeros(size, dtype=logits.dtype).index_add(0, image, torch.exp(logits - top[image]))
    has = torch.bincount(image, minlength=len(labels)) > 0
    return torch.nn.functional.cross_entropy(top[has] + torch.log(summed[has]), labels[has])


def pushed(regions: Tensor, texts: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """L_A: regions of the spurious cluster away from every text.

    Mean over regions r and texts k of log(1 + exp(cosine(r, k) / temperature)): log 2 at a right angle, towards 0
    beyond it, so that it is bounded below and presses hardest on the text that a region resembles most.
    """
    import torch

    if not len(regions):
        return texts.sum() * 0
    return torch.nn.functional.softplus(regions @ texts.T / temperature).mean()
