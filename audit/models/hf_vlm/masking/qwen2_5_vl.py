"""Qwen2.5-VL: pictures of any size, patches in windows, 2 x 2 patches merged into one token."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from audit.models.hf_vlm.masking.architecture import (
    LANGUAGE,
    Architecture,
    Place,
    UndeclaredError,
    attends_fully,
    layers,
    processor_name,
)
from audit.models.hf_vlm.masking.view import Axis, View


@dataclass(frozen=True)
class Qwen25VL(Architecture):
    """Bai et al., "Qwen2.5-VL Technical Report", 2025. Patches come from the processor in groups that will be merged;
    before the first block the groups are put in the order of attention windows, and behind the merger back again.

    Inside the tower, attention is cut into windows by sequence lengths and takes no mask, so tokens can be hidden from
    attention only in the language model.
    """

    @cached_property
    def layers(self) -> Mapping[str, tuple[str, ...]]:
        """All blocks are read."""
        fills = ("zero", "mean")
        last = (*fills, "attention") if attends_fully(self.config.text_config) else fills
        return layers(self.config.vision_config.depth, fills, last)

    def views(self, layer: str, across: Axis, down: Axis) -> tuple[View, ...]:
        """One view; a cell is a patch up to the merger and a group of patches behind it."""
        vision = self.config.vision_config
        patch, merge = vision.patch_size, vision.spatial_merge_size
        size = self.images.size
        if self.images.do_resize:
            wide, high = fitted(across.length, down.length, patch * merge, size.shortest_edge, size.longest_edge)
            across, down = across.resized(wide), down.resized(high)
        if across.length % (patch * merge) or down.length % (patch * merge):
            raise ValueError(
                f"a picture of {across.length} x {down.length} pixels does not consist of whole groups of patches"
            )
        window = vision.window_size // merge // patch
        if layer == LANGUAGE:
            return (View(across, down, patch * merge),)
        if layer == "projector":
            return (View(across, down, patch * merge, (window,)),)
        return (View(across, down, patch, (merge,) if layer == "patch_embeddings" else (window * merge, merge)),)

    def place(self, layer: str) -> Place:
        """The patch convolution, the blocks, the input and the output of the merger."""
        if layer == "patch_embeddings":
            return Place("visual", "patch_embed", "packed")
        if layer.startswith("block:"):
            return Place("visual", f"blocks.{layer.removeprefix('block:')}", "packed")
        return Place("visual", "merger", "packed", before=layer == "encoder")


def declare_qwen2_5_vl(config: Any, images: Any) -> Qwen25VL:
    """The geometry of a Qwen2.5-VL checkpoint. Raises `UndeclaredError` with the reason where there is none."""
    name, vision = processor_name(images), config.vision_config
    if name != "Qwen2VLImageProcessor":
        raise UndeclaredError(f"the geometry of the image processor {name} is not declared for this architecture")
    if (images.patch_size, images.merge_size) != (vision.patch_size, vision.spatial_merge_size):
        raise UndeclaredError("the patches of the image processor are not those of the model")
    return Qwen25VL(config, images)


def fitted(width: int, height: int, factor: int, low: int, high: int) -> tuple[int, int]:
    """Width and height that a picture is resized to: multiples of `factor`, an area in [low, high] where that can be,
    and nearly the aspect of the picture. Raises `ValueError` for an aspect above 200."""
    if max(width, height) > 200 * min(width, height):
        raise ValueError(f"a picture of {width} x {height} pixels is too narrow for this model")
    wide, tall = (round(side / factor) * factor for side in (width, height))
    if wide * tall > high:
        by = math.sqrt(width * height / high)
        wide, tall = (max(factor, math.floor(side / by / factor) * factor) for side in (width, height))
    elif wide * tall < low:
        by = math.sqrt(low / (width * height))
        wide, tall = (math.ceil(side * by / factor) * factor for side in (width, height))
    return wide, tall
