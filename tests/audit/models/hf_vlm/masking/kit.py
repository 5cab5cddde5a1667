"""Where each architecture has its layers, stated once more and apart from the code, and what a painted box changes at
them; the fixture `kit` gives this module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.core.image import Image
from audit.core.query import Intervention, Option, Query, ask
from audit.models.hf import HfModel

TILED = ("idefics3", "smolvlm")
KINDS = ("llava", "llava_full", "llava_siglip", "qwen2_5_vl_large", "idefics3", "smolvlm", "gemma3")
OPTIONS = (Option("A", "a chest x-ray"), Option("B", "a liver"), Option("C", "none of the above"))
Box = tuple[int, int, int, int]


class Spot(NamedTuple):
    """A module by its path in `model.model`; of its output, or its input, the `skip` first tokens are no cells."""

    path: str
    shape: str = "rows"
    skip: int = 0
    inputs: bool = False


def _clip(blocks: int, skip: int, kept: int) -> dict[str, Spot]:
    return {
        "patch_embeddings": Spot("vision_tower.embeddings.patch_embedding", "map"),
        **{f"block:{n}": Spot(f"vision_tower.encoder.layers.{n}", skip=skip) for n in range(blocks)},
        "encoder": Spot("multi_modal_projector", skip=kept, inputs=True),
        "projector": Spot("multi_modal_projector", skip=kept),
    }


def _idefics() -> dict[str, Spot]:
    return {
        "patch_embeddings": Spot("vision_model.embeddings.patch_embedding", "map"),
        "block:0": Spot("vision_model.encoder.layers.0"),
        "block:1": Spot("vision_model.encoder.layers.1"),
        "encoder": Spot("connector", inputs=True),
        "projector": Spot("connector"),
    }


SPOTS: dict[str, dict[str, Spot]] = {
    "llava": _clip(1, 1, 0),
    "llava_full": _clip(1, 1, 1),
    "llava_siglip": _clip(1, 0, 0),
    "gemma3": _clip(2, 0, 0),
    "idefics3": _idefics(),
    "smolvlm": _idefics(),
    "qwen2_5_vl_large": {
        "patch_embeddings": Spot("visual.patch_embed", "packed"),
        "block:0": Spot("visual.blocks.0", "packed"),
        "block:1": Spot("visual.blocks.1", "packed"),
        "encoder": Spot("visual.merger", "packed", inputs=True),
        "projector": Spot("visual.merger", "packed"),
    },
}
PLACES = [(kind, layer) for kind, spots in SPOTS.items() for layer in spots]

# Sizes (width, height) that the processor shows as they are, so that a box of pixels stays sharp.
SHARP = {
    "llava": ((28, 28), (28, 61), (75, 28)),
    "llava_full": ((56, 56), (56, 90), (101, 56)),
    "llava_siglip": ((30, 30), (30, 17), (12, 30)),
    "qwen2_5_vl_large": ((28, 28), (168, 168), (112, 84), (28, 196), (140, 56)),
    "idefics3": ((56, 56), (56, 28), (28, 56)),
    "smolvlm": ((56, 56), (56, 28), (28, 56)),
    "gemma3": ((28, 28),),
}


def query(*images: Image, intervention: Intervention | None = None, **more: Any) -> Query:
    return Query(ask(*images, "Which one?"), OPTIONS, intervention=intervention, **more)


def painted(size: tuple[int, int], *boxes: Box) -> Image:
    """Black, with white boxes."""
    pixels = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    for left, top, right, bottom in boxes:
        pixels[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = 255
    return Image.of(pixels)


def separate(model: HfModel) -> HfModel:
    """The same model with all attention of its tower put out: each token is made of its own patches alone."""
    import torch

    for name, module in model._loaded().engine.model.model.named_modules():
        if name.startswith(("visual", "vision")) and name.endswith(("self_attn.out_proj", "attn.proj")):
            for weight in module.parameters():
                torch.nn.init.zeros_(weight)
    return model


@contextmanager
def watched(model: HfModel, kind: str) -> Iterator[dict[str, list[Any]]]:
    """By layer, all tokens that stand for a cell of each call, shape (tokens, channels); as "language" what the
    language model is given."""
    found: dict[str, list[Any]] = {}
    inner = model._loaded().engine.model.model

    def look(layer: str, spot: Spot) -> Any:
        def hook(_module: Any, inputs: Any, output: Any) -> None:
            value = inputs[0] if spot.inputs else output
            if spot.shape == "map":
                value = value.permute(0, 2, 3, 1).reshape(-1, value.shape[1])
            elif spot.shape == "rows":
                value = value[:, spot.skip :].reshape(-1, value.shape[-1])
            found.setdefault(layer, []).append(value.clone())

        return inner.get_submodule(spot.path).register_forward_hook(hook)

    def read(_module: Any, _inputs: Any, named: Any) -> None:
        found.setdefault("language", []).append(named["inputs_embeds"].clone())

    text = inner.text_model if hasattr(inner, "text_model") else inner.language_model
    handles = [look(layer, spot) for layer, spot in SPOTS[kind].items()]
    handles.append(text.register_forward_pre_hook(read, with_kwargs=True))
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


def tokens(model: HfModel, kind: str, *queries: Query) -> dict[str, Any]:
    """By layer all tokens when the queries are asked as one batch; as "language" those that stand in the prompts."""
    engine = model._loaded().engine
    prompts = [engine.template.of(one) for one in queries]
    with watched(model, kind) as found:
        engine.next_logprobs(prompts, [0] * len(prompts))
    assert all(len(calls) == 1 for calls in found.values())
    ids = engine.inputs(prompts, "right")["input_ids"]
    rows = found.pop("language")[0][ids == engine.model.config.image_token_id]
    return {**{layer: calls[0] for layer, calls in found.items()}, "language": rows}


def changed(one: Any, other: Any) -> NDArray[np.intp]:
    """Numbers of the tokens that are not the same to the last bit."""
    return np.flatnonzero((one != other).any(dim=1).numpy())


def sharp(kind: str, size: tuple[int, int], count: int) -> int:
    """How many of `count` tokens of a picture of a size in `SHARP` see it as it is. All of a tiled picture in one tile
    is a smaller picture; its tokens come last."""
    return count - (count * 28 * 28 // (size[0] * size[1] + 28 * 28) if kind in TILED else 0)


def met(kind: str, size: tuple[int, int], before: Any, after: Any, named: NDArray[np.intp]) -> NDArray[np.intp]:
    """The tokens that a painted box changed, as far as they see it sharply; of the others those that are `named`."""
    moved, first = changed(before, after), sharp(kind, size, len(before))
    return np.concatenate([moved[moved < first], named[named >= first]])
