"""Idefics3 and SmolVLM: tiles of a large picture and a small view of all of it, patches shuffled into tokens."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

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

LARGEST = 4096  # pixels: no side is made longer, whatever the settings say


@dataclass(frozen=True)
class Idefics3(Architecture):
    """Laurençon et al., "Building and better understanding vision-language models", 2024; Marafioti et al., "SmolVLM",
    2025. The picture is resized to whole tiles; each tile, and then the whole picture in the size of a tile, goes
    through the tower. The connector puts squares of patches into one token each.

    The view of all of it shows every box once more: a token is hidden in each view that its box is seen in.
    """

    language: ClassVar[str] = "text_model"

    @cached_property
    def layers(self) -> Mapping[str, tuple[str, ...]]:
        """All blocks are read. A token of the language model is made of several patches, so hiding from attention is
        well defined behind the connector only."""
        fills = ("zero", "mean")
        last = (*fills, "attention") if attends_fully(self.config.text_config) else fills
        return layers(self.config.vision_config.num_hidden_layers, fills, last)

    def views(self, layer: str, across: Axis, down: Axis) -> tuple[View, ...]:
        """The tiled picture, tile by tile, and all of it in one tile; the latter alone for a picture that is not
        larger than a tile or where splitting is off."""
        tile = self.images.max_image_size["longest_edge"]
        side = self.config.vision_config.patch_size
        side *= self.config.scale_factor if layer in ("projector", LANGUAGE) else 1
        across, down = self._tiled(across, down, tile)
        whole = View(across.resized(tile), down.resized(tile), side)
        if not self.images.do_image_splitting or max(across.length, down.length) <= tile:
            return (whole,)
        return View(across, down, side, (tile // side,)), whole

    def _tiled(self, across: Axis, down: Axis, tile: int) -> tuple[Axis, Axis]:
        wide, high = longest(across.length, down.length, self.images.size.longest_edge)
        across, down = across.resized(wide), down.resized(high)
        if not self.images.do_image_splitting:
            return across, down
        wide, high = whole_tiles(wide, high, tile)
        return across.resized(wide), down.resized(high)

    def place(self, layer: str) -> Place:
        """The patch convolution, the blocks, the input and the output of the connector."""
        if layer == "patch_embeddings":
            return Place("vision_model", "embeddings.patch_embedding", "map")
        if layer.startswith("block:"):
            return Place("vision_model", f"encoder.layers.{layer.removeprefix('block:')}", "rows")
        return Place("connector", "", "rows", before=layer == "encoder")


def declare_idefics3(config: Any, images: Any) -> Idefics3:
    """The geometry of an Idefics3 or SmolVLM checkpoint. Raises `UndeclaredError` with the reason where there is
    none."""
    name, vision = processor_name(images), config.vision_config
    if name not in ("Idefics3ImageProcessor", "SmolVLMImageProcessor"):
        raise UndeclaredError(f"the geometry of the image processor {name} is not declared for this architecture")
    if not images.do_resize or not images.size.longest_edge:
        raise UndeclaredError("the geometry is declared for pictures that are resized by their longest edge")
    tile = images.max_image_size["longest_edge"]
    if tile != vision.image_size or tile % (vision.patch_size * config.scale_factor):
        raise UndeclaredError(f"tiles of {tile} pixels do not consist of whole tokens of this tower")
    return Idefics3(config, images)


def longest(width: int, height: int, edge: int) -> tuple[int, int]:
    """Width and height whose longer side is `edge`; the other one is rounded down, then up to an even number. Neither
    is made longer than 4096 pixels."""
    aspect = width / height
    if width >= height:
        wide, high = edge, int(edge / aspect)
        high = max(high + high % 2, 1)
        return (LARGEST, max(int(LARGEST / (wide / high)), 1)) if wide > LARGEST else (wide, high)
    wide, high = int(edge * aspect), edge
    wide = max(wide + wide % 2, 1)
    return (max(int(LARGEST * (wide / high)), 1), LARGEST) if high > LARGEST else (wide, high)


def whole_tiles(width: int, height: int, tile: int) -> tuple[int, int]:
    """Width and height rounded up to whole tiles: the longer side first, the other by its aspect."""

    def up(length: int) -> int:
        return math.ceil(length / tile) * tile

    aspect = width / height
    if width >= height:
        return up(width), up(int(up(width) / aspect))
    return up(int(up(height) * aspect)), up(height)
