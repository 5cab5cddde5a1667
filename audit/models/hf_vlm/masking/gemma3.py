"""Gemma 3: a SigLIP tower, one square picture an image, tokens pooled before they are projected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from audit.models.hf_vlm.masking.architecture import LANGUAGE, Architecture, Place, UndeclaredError, layers
from audit.models.hf_vlm.masking.square import check_square, square_axes
from audit.models.hf_vlm.masking.view import Axis, View


@dataclass(frozen=True)
class Gemma3(Architecture):
    """Gemma Team, "Gemma 3 Technical Report", 2025. The projector averages squares of patches and projects the means:
    a cell of its output is such a square.

    Attention masks are not offered: the language model lets the tokens of an image see each other, and most of its
    layers see a sliding window only.
    """

    @cached_property
    def layers(self) -> Mapping[str, tuple[str, ...]]:
        """All blocks are read."""
        fills = ("zero", "mean")
        return layers(self.config.vision_config.num_hidden_layers, fills, fills)

    def views(self, layer: str, across: Axis, down: Axis) -> tuple[View, ...]:
        """One view, row by row; a cell is a patch up to the projector and a pooled square behind it."""
        across, down = square_axes(self.images, across, down)
        vision = self.config.vision_config
        pooled = _pooled(self.config) if layer in ("projector", LANGUAGE) else 1
        return (View(across, down, vision.patch_size * pooled),)

    def place(self, layer: str) -> Place:
        """The patch convolution, the blocks, the input and the output of the projector."""
        if layer == "patch_embeddings":
            return Place("vision_tower", "embeddings.patch_embedding", "map")
        if layer.startswith("block:"):
            return Place("vision_tower", f"encoder.layers.{layer.removeprefix('block:')}", "rows")
        return Place("multi_modal_projector", "", "rows", before=layer == "encoder")


def declare_gemma3(config: Any, images: Any) -> Gemma3:
    """The geometry of a Gemma 3 checkpoint. Raises `UndeclaredError` with the reason where there is none."""
    vision = config.vision_config
    check_square(images, vision.image_size)
    side = vision.image_size // vision.patch_size
    if vision.image_size % vision.patch_size or side % _pooled(config):
        raise UndeclaredError("the pooled squares of this checkpoint do not fill its picture")
    return Gemma3(config, images)


def _pooled(config: Any) -> int:
    """Patches along the side of a pooled square."""
    vision = config.vision_config
    return int(vision.image_size // vision.patch_size) // int(config.mm_tokens_per_image**0.5)
