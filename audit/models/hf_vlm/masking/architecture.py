"""What an architecture declares so that tokens can be hidden: where its layers are and what each token stands for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from audit.models.hf_vlm.masking.view import Axis, View

# map: (views, channels, rows, columns); rows: (views, tokens, channels); packed: (tokens of all images, channels)
Layout = Literal["map", "rows", "packed"]
# Blocks by name: how far into a tower each is.
NAMED_BLOCKS: Mapping[str, float] = {"block:first": 0.0, "block:middle": 0.5, "block:last": 1.0}
# The order in which the language model is given an image's tokens: that of the projector's cells, row by row.
LANGUAGE = "language"


class UndeclaredError(ValueError):
    """Why tokens of a checkpoint cannot be masked: its geometry is not declared here, and is not guessed."""


@dataclass(frozen=True)
class Place:
    """A layer in the model: the module whose name inside `owner` (a part of the inner model) ends in `name`, or `owner`
    itself where that is empty. Its output is changed, or its input where `before`. `extra` tokens that stand for no
    cell (a class token) come before the others of each view."""

    owner: str
    name: str
    layout: Layout
    before: bool = False
    extra: int = 0


@dataclass(frozen=True)
class Architecture(ABC):
    """A declared geometry, for one checkpoint: its configuration and its image processor.

    `language` is the part of the inner model that the language model is."""

    config: Any
    images: Any
    language: ClassVar[str] = "language_model"

    @property
    @abstractmethod
    def layers(self) -> Mapping[str, tuple[str, ...]]:
        """The layers from the image onwards, with the fills that are well defined there."""

    @property
    def image_token(self) -> int:
        """The id that stands in a prompt for each token of an image."""
        return int(self.config.image_token_id)

    @property
    def attentions(self) -> tuple[Place, ...]:
        """The attention of each block of the tower, where tokens can be hidden from it; else empty."""
        return ()

    @abstractmethod
    def views(self, layer: str, across: Axis, down: Axis) -> tuple[View, ...]:
        """What the tower is shown of a picture with these axes, in the cells and the order of `layer` (or `LANGUAGE`).
        Raises `ValueError` for a picture that the processor would refuse."""

    @abstractmethod
    def place(self, layer: str) -> Place:
        """Where the layer is."""


def unwrapped(model: Any) -> Any:
    """The model itself, inside of its PEFT adapter if it has one."""
    return model.get_base_model() if hasattr(model, "get_base_model") else model


def layers(blocks: int, tower: tuple[str, ...], projector: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Layers of a tower of which `blocks` blocks are read, with the fills inside the tower and at the projector. Some
    blocks can be named without knowing how many there are."""
    numbered = tuple(f"block:{number}" for number in range(blocks))
    named = tuple(NAMED_BLOCKS) if blocks else ()
    return {**dict.fromkeys(("patch_embeddings", *numbered, *named, "encoder"), tower), "projector": projector}


def attends_fully(text: Any) -> bool:
    """Whether every layer of a language model sees the whole prompt, so that hiding a token from attention is one
    mask. Read from its configuration."""
    types = getattr(text, "layer_types", None)
    if types:
        return all(kind == "full_attention" for kind in types)
    return getattr(text, "sliding_window", None) is None


def processor_name(images: Any) -> str:
    """The class of an image processor without the name of its backend. Raises `UndeclaredError` for one that does not
    work by Pillow, whose rounding the geometries are declared for."""
    name = type(images).__name__
    if getattr(images, "backend", None) != "pil":
        raise UndeclaredError(f"the geometry is declared for images prepared by Pillow, not by {name}")
    return name.removesuffix("Pil")
