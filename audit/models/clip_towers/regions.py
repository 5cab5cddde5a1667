"""Embeddings of regions from one look at the whole image: the tower's patch tokens, pooled over a region's cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.models.hf_vlm.masking.architecture import UndeclaredError
from audit.models.hf_vlm.masking.square import check_square, square_axes
from audit.models.hf_vlm.masking.view import Axis, View

if TYPE_CHECKING:
    from torch import Tensor

# (model, tokens of shape (images, tokens, channels), cells of shape (images, regions, tokens)) -> (images, regions, d)
Pool = Callable[[Any, "Tensor", "Tensor"], "Tensor"]


def mean_of_patches(model: Any, tokens: Tensor, cells: Tensor) -> Tensor:
    """CLIP: the mean of the patch tokens behind the last block, through the normalisation and the projection that the
    class token goes through (Radford et al. 2021, section 2.4). The class token takes no part, so the whole image as a
    region has not the image's own embedding."""
    weights = cells.to(tokens.dtype)
    means = weights @ tokens / weights.sum(dim=-1, keepdim=True)
    pooled: Tensor = model.visual_projection(model.vision_model.post_layernorm(means))
    return pooled


def attention_of_probe(model: Any, tokens: Tensor, cells: Tensor) -> Tensor:
    """SigLIP: the attention pooling head (Zhai et al. 2022; Zhai et al. 2023), whose probe sees the region's tokens
    alone. The whole image as a region has the image's own embedding."""
    head = model.vision_model.head
    count = cells.shape[1]
    shut = (~cells).repeat_interleave(head.attention.num_heads, dim=0)
    probes = head.probe.expand(len(tokens), count, -1)
    seen = head.attention(probes, tokens, tokens, attn_mask=shut, need_weights=False)[0]
    pooled: Tensor = seen + head.mlp(head.layernorm(seen))
    return pooled


@dataclass(frozen=True)
class Pooled:
    """How a family of towers makes an embedding of its tokens; `extra` tokens that stand for no cell come first."""

    pool: Pool
    extra: int


DECLARED: Mapping[str, Pooled] = {
    "clip": Pooled(mean_of_patches, extra=1),
    "siglip": Pooled(attention_of_probe, extra=0),
}


@dataclass(frozen=True)
class RegionGeometry:
    """The geometry of a checkpoint: its image processor, the side of its patches in pixels, and how it pools."""

    images: Any
    side: int
    pooled: Pooled

    def view(self, width: int, height: int) -> View:
        """What the tower is shown of an image, a cell a patch."""
        return View(*square_axes(self.images, Axis.of(width), Axis.of(height)), self.side)


def declared_regions(config: Any, images: Any) -> RegionGeometry:
    """The geometry of a two-tower checkpoint with this configuration and image processor. Raises `UndeclaredError` with
    the reason where there is none."""
    kind, vision = config.model_type, config.vision_config
    if kind not in DECLARED:
        known = ", ".join(sorted(DECLARED))
        raise UndeclaredError(f"the pooling of the architecture {kind!r} is not declared; declared: {known}")
    if not getattr(vision, "vision_use_head", True):
        raise UndeclaredError("the tower of this checkpoint has no pooling head")
    check_square(images, vision.image_size)
    return RegionGeometry(images, vision.patch_size, DECLARED[kind])


def region_features(model: Any, inputs: Any, geometry: RegionGeometry, cells: Tensor) -> Tensor:
    """Features of regions, not yet normalised, shape (images, regions, d); NaN where a region has no cell.

    `inputs` are what the image processor made of the images; `cells` are booleans, shape (images, regions, tokens).
    Raises `ValueError` where the tower has other tokens than the geometry says."""
    import torch

    tokens = model.vision_model(**inputs).last_hidden_state[:, geometry.pooled.extra :]
    if tokens.shape[1] != cells.shape[2]:
        raise ValueError(f"expected {cells.shape[2]} patch tokens but the tower has {tokens.shape[1]}")
    seen = cells.any(dim=-1, keepdim=True)
    found = geometry.pooled.pool(model, tokens, cells | ~seen)
    return torch.where(seen, found, torch.full_like(found, torch.nan))
