"""Hooks: a model changed for the length of a call, from outside, and left as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from audit.models.hf_vlm.masking.architecture import Architecture, Place
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
    waiting: set[str] = set()
    with ExitStack() as hooks:
        for layer in sorted({layer for layer, fill in wanted if fill != "attention"}):
            hooks.callback(_replace(model, architecture, plan(architecture, batch, layer), waiting).remove)
        for layer in sorted({layer for layer, fill in wanted if fill == "attention"}):
            for handle in _shut(model, architecture, batch, layer, ids, waiting):
                hooks.callback(handle.remove)
        yield
    if waiting:
        raise ValueError(f"tokens were not masked: the model never ran {', '.join(sorted(waiting))}")


def module_at(model: Any, place: Place) -> Any:
    """The module of a place. Raises `ValueError` unless there is exactly one."""
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    owner = getattr(base.model, place.owner)
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
    model: Any, architecture: Architecture, batch: Sequence[Shown], layer: str, ids: Any, waiting: set[str]
) -> Iterator[Any]:
    """Hooks that keep tokens from being looked at: in the blocks of the tower behind `layer`, and in the language
    model."""
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    check_attention(base.config.get_text_config())
    if layer not in ("encoder", "projector"):
        check_attention(base.config.vision_config)
        first = 0 if layer == "patch_embeddings" else int(layer.removeprefix("block:")) + 1
        made = plan(architecture, batch, layer)
        for place in architecture.attentions[first:]:
            module = module_at(model, place)
            yield module.register_forward_pre_hook(_tower_hook(place, made), with_kwargs=True)
    extra = architecture.place("projector").extra
    made = plan(architecture, batch, layer, language=True)
    hidden = columns(ids, architecture.image_token, extra, made)
    waiting.add("the language model")
    module = module_at(model, Place(architecture.language, "", "rows"))
    yield module.register_forward_pre_hook(_language_hook(hidden, waiting), with_kwargs=True)


Named = tuple[tuple[Any, ...], dict[str, Any]]


def _tower_hook(place: Place, made: Plan) -> Callable[[Any, tuple[Any, ...], dict[str, Any]], Named]:
    def before(_module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> Named:
        states = named["hidden_states"] if "hidden_states" in named else inputs[0]
        if named.get("attention_mask") is not None:
            raise ValueError("cannot mask tokens from attention that comes with a mask of its own")
        return inputs, {**named, "attention_mask": tower_mask(states, place, made)}

    return before


def _language_hook(hidden: Sequence[Any], waiting: set[str]) -> Callable[[Any, tuple[Any, ...], dict[str, Any]], Named]:
    def before(_module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> Named:
        waiting.discard("the language model")
        cache = named.get("past_key_values")
        past = cache.get_seq_length() if cache is not None else 0
        mask = language_mask(named["inputs_embeds"], named.get("attention_mask"), past, hidden)
        return inputs, {**named, "attention_mask": mask}

    return before
