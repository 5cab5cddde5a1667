"""Hidden from attention means gone for all others: the reference is a model that is never given the hidden tokens."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from audit.core.image import Image
from audit.core.query import Decoding, Intervention
from audit.models.hf import HfModel
from audit.models.hf_vlm.masking.architecture import LANGUAGE
from audit.models.hf_vlm.masking.plan import views_of
from audit.models.hf_vlm.masking.select import select
from audit.models.hf_vlm.sequences import _extended

KINDS = ("llava", "llava_full", "llava_siglip", "qwen2_5_vl_large", "idefics3", "smolvlm")
Models = Callable[[str], HfModel]


def noise(seed: int, size: tuple[int, int]) -> Image:
    return Image.of(np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


def box_in(size: tuple[int, int]) -> tuple[int, int, int, int]:
    return size[0] // 3, 2, size[0] // 3 + 9, 2 + size[1] // 3


def text_of(model: HfModel) -> Any:
    inner = model._loaded().engine.model.model
    return inner.text_model if hasattr(inner, "text_model") else inner.language_model


@pytest.mark.parametrize("kind", KINDS)
def test_the_language_model_answers_as_if_the_tokens_were_not_in_its_prompt(
    kind: str, model: Models, separated: Models, kit: ModuleType
) -> None:
    """The hidden tokens are taken out of the prompt, the others keep their positions; which ones they are is found by
    painting the box, where a picture has one view."""
    import torch

    found, size = model(kind), kit.SHARP[kind][1]
    box, engine = box_in(size), found._loaded().engine
    asked = kit.query(noise(2, size))
    prompt = engine.template.of(asked)
    given: dict[str, Any] = {}
    handle = text_of(found).register_forward_pre_hook(lambda _m, _i, with_: given.update(with_), with_kwargs=True)
    plain, _ = engine.next_logprobs([prompt], [0])
    handle.remove()
    before, after = (
        kit.tokens(separated(kind), kind, kit.query(image))["language"]
        for image in (kit.painted(size), kit.painted(size, box))
    )
    ids = engine.inputs([prompt], "right")["input_ids"][0]
    places = np.flatnonzero((ids == engine.model.config.image_token_id).numpy())
    intervention = Intervention("projector", ((0, *box),), "attention")
    views = views_of(engine._architecture, LANGUAGE, size, size)
    named = select(intervention, 0, size, views).numbers() + engine._architecture.place("projector").extra
    stay = np.setdiff1d(np.arange(len(ids)), places[kit.met(kind, size, before, after, named)])
    assert len(stay) < len(ids)
    positions = given.get("position_ids")
    positions = torch.arange(len(ids))[None] if positions is None else positions
    with torch.inference_mode():
        states = text_of(found)(inputs_embeds=given["inputs_embeds"][:, stay], position_ids=positions[..., stay])
        expected = torch.log_softmax(engine.model.lm_head(states.last_hidden_state[:, -1]).float(), dim=-1)
    masked, _ = engine.next_logprobs([engine.template.of(kit.query(noise(2, size), intervention=intervention))], [0])
    assert np.allclose(masked.numpy(), expected.numpy(), atol=1e-4)
    assert not np.allclose(masked.numpy(), plain.numpy(), atol=1e-2)


@pytest.mark.parametrize("kind", ["llava", "llava_full", "llava_siglip"])
def test_the_tower_works_as_if_the_patches_were_not_there(
    kind: str, model: Models, separated: Models, kit: ModuleType
) -> None:
    import torch

    found, size = model(kind), kit.SHARP[kind][1]
    box, engine = box_in(size), found._loaded().engine
    clean, marked = (
        kit.tokens(separated(kind), kind, kit.query(image))["block:0"]
        for image in (kit.painted(size), kit.painted(size, box))
    )
    hidden = kit.changed(clean, marked)
    stay = np.setdiff1d(np.arange(len(clean)), hidden)
    asked = kit.query(noise(2, size))
    tower = engine.model.model.vision_tower
    skip = kit.SPOTS[kind]["block:0"].skip
    with torch.inference_mode():
        states = tower.embeddings(engine.inputs([engine.template.of(asked)], "right")["pixel_values"])
        states = tower.pre_layrnorm(states) if skip else states
        kept = np.concatenate([np.arange(skip), stay + skip])
        expected = tower.encoder.layers[0](states[:, kept], None)[0, skip:]
    intervention = Intervention("patch_embeddings", ((0, *box),), "attention")
    seen = kit.tokens(found, kind, kit.query(noise(2, size), intervention=intervention))["block:0"]
    plain = kit.tokens(found, kind, asked)["block:0"]
    assert hidden.size
    assert np.allclose(seen[stay].numpy(), expected.numpy(), atol=1e-5)
    assert not np.allclose(plain[stay].numpy(), expected.numpy(), atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_generation_and_scoring_keep_tokens_hidden_step_by_step(kind: str, model: Models, kit: ModuleType) -> None:
    """Text made with the cache is the text of full passes, also beside another query; so are scores of option texts."""
    import torch

    found, size = model(kind), kit.SHARP[kind][0]
    engine = found._loaded().engine
    intervention = Intervention("projector", ((0, *box_in(size)),), "attention")
    masked = kit.query(noise(4, size), intervention=intervention, decoding=Decoding(max_new_tokens=4))
    prompt = engine.template.of(masked)
    inputs = engine.inputs([prompt], "right")
    count, new = inputs["input_ids"].shape[1], torch.zeros((1, 0), dtype=torch.long)
    for _ in range(4):
        extended = {key: _extended(key, value, count, 0, new, torch.ones_like(new)) for key, value in inputs.items()}
        with torch.inference_mode(), engine.hiding([prompt], inputs):
            logits = engine.model(**extended, use_cache=False).logits
        new = torch.cat([new, logits[:, -1].argmax(dim=-1, keepdim=True)], dim=1)
    expected = engine.tokenizer.decode(new[0], skip_special_tokens=True).strip()
    other = kit.query(noise(5, size), decoding=Decoding(max_new_tokens=4))
    answers = dict(found.answers([other, masked]))
    if engine.tokenizer.eos_token_id not in new[0]:
        assert answers[1].text == expected
    scorer = found._loaded()
    sequences = [engine.encode(" a chest x-ray"), engine.encode(" no")]
    with torch.inference_mode():
        cached, _ = scorer._by_cache(prompt, 0, sequences)
        full, _ = scorer._by_full_pass(prompt, 0, sequences)
    assert cached == pytest.approx(full, abs=1e-3)


def test_several_layers_in_one_batch(model: Models, kit: ModuleType) -> None:
    """Each query is hidden from attention behind its own layer, and one by zeros, and one not at all."""
    found = model("llava_full")
    pairs = [(layer, "attention") for layer in ("patch_embeddings", "block:0", "encoder", "projector")]
    given = [Intervention(layer, ((0, 5, 5, 30, 40),), fill) for layer, fill in (*pairs, ("block:0", "zero"))]
    engine = found._loaded().engine
    prompts = [engine.template.of(kit.query(noise(6, (56, 60)), intervention=one)) for one in (None, *given)]
    together, _ = engine.next_logprobs(prompts, [0] * len(prompts))
    alone = [engine.next_logprobs([prompt], [0])[0][0] for prompt in prompts]
    for row, one in zip(together, alone, strict=True):
        assert np.allclose(row.numpy(), one.numpy(), atol=1e-4)
    # behind the tower nothing looks at tokens any more: the encoder's output and the projector's are alike
    apart = [row for place, row in enumerate(alone) if place != 3]
    assert np.allclose(alone[3].numpy(), alone[4].numpy(), atol=1e-5)
    assert not any(
        np.allclose(one.numpy(), other.numpy(), atol=1e-3)
        for place, one in enumerate(apart)
        for other in apart[place + 1 :]
    )


def test_where_a_mask_is_not_well_defined_it_is_not_offered(model: Models) -> None:
    """Merged tokens, and language models with windows, take none inside the tower."""
    offered = {
        kind: [layer for layer, fills in model(kind).token_layers.items() if "attention" in fills]
        for kind in (*KINDS, "gemma3")
    }
    assert offered["qwen2_5_vl_large"] == offered["idefics3"] == offered["smolvlm"] == ["projector"]
    assert offered["gemma3"] == []
    assert offered["llava"] == list(model("llava").token_layers)
