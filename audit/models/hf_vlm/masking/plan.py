"""The plan of a batch: which tokens of which image are hidden at a layer, numbered through the batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.core.image import Image
from audit.core.query import Intervention
from audit.models.hf_vlm.masking.architecture import LANGUAGE, NAMED_BLOCKS, Architecture
from audit.models.hf_vlm.masking.select import Selection, check, select
from audit.models.hf_vlm.masking.view import Axis, View
from audit.models.hf_vlm.pictures import picture_size

Size = tuple[int, int]


@dataclass(frozen=True)
class Shown:
    """One prompt of a batch: the sizes (width, height) of its images as given, and as the processor is given them; what
    is hidden of them."""

    sizes: tuple[Size, ...]
    pictures: tuple[Size, ...]
    intervention: Intervention | None


def shown(images: Sequence[Image], intervention: Intervention | None, max_pixels: int | None) -> Shown:
    """A prompt with these images, scaled down to `max_pixels` before the processor has them. Reads the pixels."""
    shapes = [image.pixels.shape for image in images]
    sizes = tuple((width, height) for height, width, *_ in shapes)
    return Shown(sizes, tuple(picture_size(*size, max_pixels) for size in sizes), intervention)


@dataclass(frozen=True)
class Part:
    """One image of a batch: its tokens are numbered from `start` on. Of it `selection` is hidden by `fill`; nothing
    where that is None."""

    start: int
    tokens: int
    selection: Selection | None
    fill: str


@dataclass(frozen=True)
class Plan:
    """The images of a batch at one layer, prompt by prompt."""

    layer: str
    prompts: tuple[tuple[Part, ...], ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """All images in the order in which the tower is given them."""
        return tuple(part for parts in self.prompts for part in parts)

    @property
    def total(self) -> int:
        """How many tokens the batch has at this layer."""
        return sum(part.tokens for part in self.parts)


def check_shown(architecture: Architecture, shown: Shown) -> None:
    """Raise `ValueError` for an intervention that this model cannot carry out."""
    intervention = shown.intervention
    if intervention is None:
        return
    check(intervention, len(shown.sizes))
    layer, fill = layer_of(architecture, intervention), intervention.fill
    if fill not in architecture.layers[layer]:
        known = ", ".join(architecture.layers[layer])
        raise ValueError(f"this model cannot mask tokens at {layer} by {fill!r}; known there: {known}")


def layer_of(architecture: Architecture, intervention: Intervention) -> str:
    """The layer that an intervention means, a named block by its number. Raises `ValueError` where the model has no
    such layer."""
    layer = intervention.layer
    if layer not in architecture.layers:
        known = ", ".join(architecture.layers)
        raise ValueError(f"this model cannot mask tokens at {layer!r}; known layers: {known}")
    if layer in NAMED_BLOCKS:
        count = sum(name.removeprefix("block:").isdecimal() for name in architecture.layers)
        return f"block:{int(NAMED_BLOCKS[layer] * (count - 1))}"
    return layer


def views_of(architecture: Architecture, layer: str, size: Size, picture: Size) -> tuple[View, ...]:
    """The views of an image of `size` that the processor is given as `picture`, in pixels of the image itself."""
    across, down = (Axis.of(old).resized(new) for old, new in zip(size, picture, strict=True))
    return architecture.views(layer, across, down)


def plan(architecture: Architecture, batch: Sequence[Shown], layer: str, *, language: bool = False) -> Plan:
    """What the interventions that name `layer` hide; with `language` numbered as the language model is given the
    tokens."""
    start, prompts = 0, []
    for shown in batch:
        wanted = shown.intervention
        wanted = wanted if wanted and layer_of(architecture, wanted) == layer else None
        parts = []
        for image, (size, picture) in enumerate(zip(shown.sizes, shown.pictures, strict=True)):
            views = views_of(architecture, LANGUAGE if language else layer, size, picture)
            tokens = sum(view.shape[0] * view.shape[1] for view in views)
            selection = select(wanted, image, size, views) if wanted else None
            parts.append(Part(start, tokens, selection, wanted.fill if wanted else ""))
            start += tokens
        prompts.append(tuple(parts))
    return Plan(layer, tuple(prompts))
