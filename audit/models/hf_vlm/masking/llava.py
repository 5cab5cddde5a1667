"""LLaVA: a CLIP or SigLIP tower, one square picture an image, one token a patch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from audit.models.hf_vlm.masking.architecture import Architecture, Place, UndeclaredError, attends_fully, layers
from audit.models.hf_vlm.masking.square import check_square, square_axes
from audit.models.hf_vlm.masking.view import Axis, View

# Tokens before the patches: CLIP has a class token, SigLIP has none.
CLASS_TOKENS = {"clip_vision_model": 1, "siglip_vision_model": 0}


@dataclass(frozen=True)
class Llava(Architecture):
    """Liu et al., "Visual Instruction Tuning", 2023. The projector reads the output of a block before the last (or of
    several); with the selection strategy "default" it is not given the class token, with "full" it is."""

    @property
    def _before(self) -> int:
        return CLASS_TOKENS[self.config.vision_config.model_type]

    @property
    def _kept(self) -> int:
        """Tokens without a cell that the projector is given."""
        return self._before if self.config.vision_feature_select_strategy == "full" else 0

    @cached_property
    def layers(self) -> Mapping[str, tuple[str, ...]]:
        """Blocks up to the first that the projector reads; what happens behind it hides nothing."""
        fills: tuple[str, ...] = ("zero", "mean")
        if attends_fully(self.config.text_config):
            fills = (*fills, "attention")
        return layers(_first_read(self.config), fills, fills)

    def views(self, layer: str, across: Axis, down: Axis) -> tuple[View, ...]:  # noqa: ARG002 -- alike at every layer
        """One view, a cell a patch, row by row at every layer."""
        across, down = square_axes(self.images, across, down)
        return (View(across, down, self.config.vision_config.patch_size),)

    def place(self, layer: str) -> Place:
        """The patch convolution, the blocks, the input and the output of the projector."""
        if layer == "patch_embeddings":
            return Place("vision_tower", "embeddings.patch_embedding", "map")
        if layer.startswith("block:"):
            return Place("vision_tower", f"encoder.layers.{layer.removeprefix('block:')}", "rows", extra=self._before)
        projector = "multi_modal_projector"
        return Place(projector, "", "rows", before=layer == "encoder", extra=self._kept)

    @property
    def attentions(self) -> tuple[Place, ...]:
        """Every block's attention can be given a mask."""
        count, before = self.config.vision_config.num_hidden_layers, self._before
        return tuple(
            Place("vision_tower", f"encoder.layers.{block}.self_attn", "rows", extra=before) for block in range(count)
        )


def declare_llava(config: Any, images: Any) -> Llava:
    """The geometry of a LLaVA checkpoint. Raises `UndeclaredError` with the reason where there is none."""
    vision = config.vision_config
    if vision.model_type not in CLASS_TOKENS:
        raise UndeclaredError(f"the geometry of LLaVA with the tower {vision.model_type} is not declared")
    strategy = config.vision_feature_select_strategy
    if strategy not in ("default", "full") or (strategy == "default" and not CLASS_TOKENS[vision.model_type]):
        raise UndeclaredError(f"the selection strategy {strategy!r} drops a patch of this tower, or is not declared")
    check_square(images, vision.image_size)
    return Llava(config, images)


def _first_read(config: Any) -> int:
    """How many blocks come before the first output that the projector reads."""
    count, wanted = config.vision_config.num_hidden_layers, config.vision_feature_layer
    chosen = [wanted] if isinstance(wanted, int) else list(wanted)
    return min(index if index >= 0 else count + 1 + index for index in chosen)
