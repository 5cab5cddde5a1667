"""Hooks: a model changed for the length of a call, from outside, and left as it was."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from audit.models.hf_vlm.masking.architecture import Architecture, Place, unwrapped
from audit.models.hf_vlm.masking.attention import check_attention, columns, language_mask, tower_mask
from audit.models.hf_vlm.masking.plan import Plan, Shown, check_shown, layer_of, plan
from audit.models.hf_vlm.masking.tokens import replaced


@contextmanager
def hiding(model: Any, architecture: Architecture, batch: Sequence[Shown], ids: Any) -> Iterator[None]:
    """For the length of the context, calls of `model` with the prompts of `batch` (token ids `ids`, shape (prompts,
    length)) have their tokens hidden, each prompt by its own intervention.

    Raises `ValueError` for an intervention that the model cannot carry out, and, on leaving, where a layer that was to
    be changed was never run: no answer counts as masked that was not.
    """
    for shown in batch:
        check_shown(architecture, shown)
    wanted = {(layer_of(architecture, one.intervention), one.intervention.fill) for one in batch if one.intervention}
    filled = sorted({layer for layer, fill in wanted if fill != "attention"})
    shut = sorted({layer for layer, fill in wanted if fill == "attention"})
    waiting: set[str] = set()
    with ExitStack() as hooks:
        for layer in filled:
            hooks.callback(_replace(model, architecture, plan(architecture, batch, layer), waiting).remove)
        for handle in _shut(model, architecture, batch, shut, ids, waiting) if shut else ():
            hooks.callback(handle.remove)
        yield
    if waiting:
        raise ValueError(f"tokens were not masked: the model never ran {', '.join(sorted(waiting))}")


def module_at(model: Any, place: Place) -> Any:
    """The module of a place. Raises `ValueError` unless there is exactly one."""
    owner = getattr(unwrapped(model).model, place.owner)
    if not place.name:
        return owner
    found = [part for name, part in owner.named_modules() if f".{name}".endswith(f".{place.name}")]
    if len(found) != 1:
        raise ValueError(f"expected one module {place.name} to mask tokens at but found {len(found)}")
    return found[0]


def _replace(model: Any, architecture: Architecture, made: Plan, waiting: set[str]) -> Any:
    place = architecture.place(made.layer)
    module = module_at(model, place)
    name = made.layer
    waiting.add(name)

    def before(_module: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        waiting.discard(name)
        return (replaced(inputs[0], place, made), *inputs[1:])

    def after(_module: Any, _inputs: tuple[Any, ...], output: Any) -> Any:
        waiting.discard(name)
        return replaced(output, place, made)

    if place.before:
        return module.register_forward_pre_hook(before)
    # first of all: hooks of the library that collect hidden states must see what is left, not what was there
    return module.register_forward_hook(after, prepend=True)


def _shut(
    model: Any, architecture: Architecture, batch: Sequence[Shown], layers: Sequence[str], ids: Any, waiting: set[str]
) -> Iterator[Any]:
    """Hooks that keep tokens from being looked at behind each of the layers: in the blocks of the tower that come
    later, and in the language model."""
    config = unwrapped(model).config
    check_attention(config.get_text_config())
    for block, place in enumerate(architecture.attentions):
        behind = [plan(architecture, batch, layer) for layer in layers if _first_block(layer) <= block]
        if behind:
            check_attention(config.vision_config)
            waiting.add(place.name)
            yield module_at(model, place).register_forward_pre_hook(
                _tower_hook(place, behind, waiting), with_kwargs=True
            )
    extra = architecture.place("projector").extra
    plans = [plan(architecture, batch, layer, language=True) for layer in layers]
    hidden = columns(ids, architecture.image_token, extra, plans)
    waiting.add("the language model")
    module = module_at(model, Place(architecture.language, "", "rows"))
    yield module.register_forward_pre_hook(_language_hook(hidden, waiting), with_kwargs=True)


def _first_block(layer: str) -> float:
    """The first block of the tower behind a layer; none where the layer is behind the tower."""
    if layer in ("encoder", "projector"):
        return math.inf
    return 0 if layer == "patch_embeddings" else int(layer.removeprefix("block:")) + 1


Named = tuple[tuple[Any, ...], dict[str, Any]]


def _tower_hook(
    place: Place, plans: Sequence[Plan], waiting: set[str]
) -> Callable[[Any, tuple[Any, ...], dict[str, Any]], Named]:
    def before(_module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> Named:
        waiting.discard(place.name)
        states = named["hidden_states"] if "hidden_states" in named else inputs[0]
        if named.get("attention_mask") is not None:
            raise ValueError("cannot mask tokens from attention that comes with a mask of its own")
        return inputs, {**named, "attention_mask": tower_mask(states, place, plans)}

    return before


def _language_hook(hidden: Sequence[Any], waiting: set[str]) -> Callable[[Any, tuple[Any, ...], dict[str, Any]], Named]:
    def before(_module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> Named:
        waiting.discard("the language model")
        cache = named.get("past_key_values")
        past = cache.get_seq_length() if cache is not None else 0
        mask = language_mask(named["inputs_embeds"], named.get("attention_mask"), past, hidden)
        return inputs, {**named, "attention_mask": mask}

    return before
