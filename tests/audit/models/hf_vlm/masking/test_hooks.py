"""Hooks: exactly the named tokens are replaced, in the named queries, for the length of a call."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from audit.core.answer import Answer
from audit.core.image import Image
from audit.core.query import Decoding, Intervention, Query
from audit.models.hf import HfModel
from audit.models.table import open_model

KINDS = ("llava", "llava_full", "llava_siglip", "qwen2_5_vl_large", "idefics3", "smolvlm", "gemma3")
Models = Callable[[str], HfModel]


def noise(seed: int, width: int, height: int) -> Image:
    return Image.of(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


def asked(model: HfModel, *queries: Query) -> list[Answer]:
    found = dict(model.answers(queries))
    return [found[index] for index in range(len(queries))]


def hooks(model: HfModel) -> int:
    """How many hooks are on the model."""
    modules = list(model._loaded().engine.model.modules())
    return sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in modules)


def close(one: Answer, other: Answer) -> bool:
    assert one.status == other.status != "error", (one.detail, other.detail)
    pairs = zip(one.option_logprobs.values(), other.option_logprobs.values(), strict=True)
    return one.text == other.text and all(math.isclose(a, b, abs_tol=1e-4) for a, b in pairs)


@pytest.mark.parametrize("fill", ["zero", "mean"])
@pytest.mark.parametrize("kind", KINDS)
def test_exactly_the_tokens_that_a_box_changes_are_replaced_and_all_others_keep_their_bits(
    kind: str, fill: str, model: Models, separated: Models, kit: ModuleType
) -> None:
    """The expected tokens are found from outside: by painting the box, in a tower that treats each token alone."""
    for size in kit.SHARP[kind][:2]:
        box = (size[0] // 3, 2, size[0] // 3 + 9, 2 + size[1] // 3)
        clean, marked = (
            kit.tokens(separated(kind), kind, kit.query(image)) for image in (kit.painted(size), kit.painted(size, box))
        )
        image = noise(1, *size)
        plain = kit.tokens(model(kind), kind, kit.query(image))
        for layer in kit.SPOTS[kind]:
            intervention = Intervention(layer, ((0, *box),), fill)
            masked = kit.tokens(model(kind), kind, kit.query(image, intervention=intervention))
            (named,) = model(kind).hidden_tokens(kit.query(image, intervention=intervention))
            expected = kit.met(kind, size, clean[layer], marked[layer], np.array(named.hidden))
            assert expected.size
            assert kit.changed(plain[layer], masked[layer]).tolist() == expected.tolist(), layer
            stays = np.setdiff1d(np.arange(len(plain[layer])), expected)
            wanted = plain[layer][stays].mean(dim=0) if fill == "mean" and stays.size else 0 * plain[layer][0]
            assert np.allclose(masked[layer][expected].numpy(), wanted.numpy(), atol=1e-5), layer


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_batch_each_query_is_masked_by_itself(kind: str, model: Models, kit: ModuleType) -> None:
    """Queries with one and with two images, some masked at one layer, some at another, some not at all."""
    found = model(kind)
    images = [noise(seed, *size) for seed, size in enumerate(((56, 40), (28, 60), (64, 64)))]
    for layer in kit.SPOTS[kind]:
        first = Intervention(layer, ((0, 4, 4, 20, 30),), "zero")
        pairs = [(images[0], images[1]), (images[2], images[0]), (images[1], images[2])]
        given = [None, first, Intervention(layer, ((1, 0, 0, 60, 60),), "mean", 1)]
        queries = [kit.query(*pair, intervention=one) for pair, one in zip(pairs, given, strict=True)]
        together = kit.tokens(found, kind, *queries)[layer]
        bare = [kit.tokens(found, kind, kit.query(*pair))[layer] for pair in pairs]
        alone = [kit.tokens(found, kind, one)[layer] for one in queries]
        assert kit.changed(bare[0], alone[0]).size == 0
        assert kit.changed(bare[1], alone[1]).size > 0
        start = 0
        for one in alone:
            part = together[start : start + len(one)]
            assert np.allclose(part.numpy(), one.numpy(), atol=1e-5)
            start += len(one)
        assert start == len(together)


@pytest.mark.parametrize("kind", KINDS)
def test_masked_and_bare_queries_do_not_touch_each_other(kind: str, model: Models, kit: ModuleType) -> None:
    """However they are asked, together or alone, before or after: the same answers, and no hook is left behind."""
    found, image = model(kind), noise(5, 60, 50)
    fills = found.token_layers["projector"]
    for how in ("generate", "choose", "likelihood"):
        bare = kit.query(image, how=how, decoding=Decoding(max_new_tokens=4))
        given = [Intervention("block:middle", ((0, 0, 0, 30, 30),), "zero")]
        given += [Intervention("projector", ((0, 9, 9, 40, 40),), fill) for fill in fills]
        masked = [replace(bare, intervention=one) for one in given]
        (before,) = asked(found, bare)
        count = hooks(found)
        alone = [asked(found, one)[0] for one in masked]
        mixed = asked(found, masked[0], bare, *masked[1:], bare)
        assert hooks(found) == count
        assert asked(found, bare) == [before]
        for one, other in zip((alone[0], before, *alone[1:], before), mixed, strict=True):
            assert close(one, other)
        if how == "choose":
            assert not any(close(before, one) for one in alone)


def test_a_query_that_fails_leaves_no_hook(model: Models, kit: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    found, image = model("llava"), noise(1, 40, 40)
    masked = kit.query(image, intervention=Intervention("block:0", ((0, 0, 0, 9, 9),), "zero"), how="choose")
    bare = replace(masked, intervention=None)
    (before,) = asked(found, bare)
    count = hooks(found)
    engine = found._loaded().engine

    def broken(*_args: Any, **_named: Any) -> Any:
        raise RuntimeError("out of order")

    with monkeypatch.context() as patch:
        patch.setattr(engine.model, "forward", broken)
        assert asked(found, masked)[0].status == "error"
    assert hooks(found) == count
    assert asked(found, bare) == [before]


def test_tokens_are_hidden_inside_a_peft_adapter_too(tiny_checkpoint: Any, tmp_path: Path, kit: ModuleType) -> None:
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForImageTextToText

    base = AutoModelForImageTextToText.from_pretrained(tiny_checkpoint("llava"))
    targets = ["q_proj", "v_proj", "patch_embedding"]
    get_peft_model(base, LoraConfig(r=2, target_modules=targets, init_lora_weights=False)).save_pretrained(tmp_path)
    found = open_model(f"hf:{tiny_checkpoint('llava')}?peft={tmp_path}")
    assert isinstance(found, HfModel)
    images = [noise(seed, 28, 28) for seed in (1, 2)]
    for layer, fill in (("patch_embeddings", "zero"), ("block:0", "attention"), ("projector", "attention")):
        everything = Intervention(layer, (), fill, pick="all")
        masked = asked(found, *(kit.query(image, intervention=everything, how="choose") for image in images))
        assert masked[0].option_logprobs == pytest.approx(masked[1].option_logprobs, abs=1e-5)
    assert not close(*asked(found, *(kit.query(image, how="choose") for image in images)))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_hidden_states_that_the_library_collects_are_the_masked_ones(
    order: tuple[int, int], tiny_checkpoint: Any, kit: ModuleType
) -> None:
    """LLaVA reads its features from states that hooks of the library collect, put in place by the first call."""
    found = open_model(f"hf:{tiny_checkpoint('llava')}")
    assert isinstance(found, HfModel)
    image = noise(3, 28, 28)
    everything = Intervention("block:0", (), "zero", pick="all")
    queries = [kit.query(image), kit.query(image, intervention=everything)]
    seen = {place: kit.tokens(found, "llava", queries[place])["encoder"] for place in order}
    assert seen[0].any()
    assert not seen[1].any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fill", ["zero", "mean"])
def test_of_an_image_that_is_hidden_whole_nothing_is_left(kind: str, fill: str, model: Models, kit: ModuleType) -> None:
    """Two images of one size, every token hidden, class tokens too: no layer lets the model tell them apart."""
    found = model(kind)
    one, other = (noise(seed, 56, 56) for seed in (1, 2))
    for layer in kit.SPOTS[kind]:
        everything = Intervention(layer, (), fill, pick="all")
        answers = asked(found, *(kit.query(image, intervention=everything, how="choose") for image in (one, other)))
        assert answers[0].option_logprobs == pytest.approx(answers[1].option_logprobs, abs=1e-5)
    bare = asked(found, *(kit.query(image, how="choose") for image in (one, other)))
    assert not close(*bare)


@pytest.mark.parametrize("kind", KINDS)
def test_what_lies_under_hidden_patches_does_not_matter(kind: str, model: Models, kit: ModuleType) -> None:
    """Pixels that differ only in hidden patches give the same answer, for all fills at the patch embeddings."""
    found = model(kind)
    size = kit.SHARP[kind][0]
    box = (0, 0, size[0] // 2, size[1] // 2)
    pixels = noise(1, *size).pixels
    other = pixels.copy()
    other[: box[3], : box[2]] = 255 - other[: box[3], : box[2]]
    for fill in found.token_layers["patch_embeddings"]:
        # a radius of one cell: the small view of a tiled picture smears the edge
        intervention = Intervention("patch_embeddings", ((0, *box),), fill, radius=1)
        queries = [kit.query(Image.of(one), intervention=intervention, how="choose") for one in (pixels, other)]
        one, two = asked(found, *queries)
        assert one.option_logprobs == pytest.approx(two.option_logprobs, abs=1e-5)
        bare = asked(found, *(replace(query, intervention=None) for query in queries))
        assert not close(*bare)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"layer": "nowhere"}, "known layers: patch_embeddings, block:0"),
        ({"layer": "block:1"}, "cannot mask tokens at 'block:1'"),
        ({"fill": "noise"}, "known there: zero, mean"),
        ({"boxes": ((1, 0, 0, 4, 4),)}, "image 1"),
        ({"radius": -1}, "radius"),
    ],
)
def test_what_the_model_cannot_do_is_an_error_that_says_so(
    change: dict[str, Any], word: str, model: Models, kit: ModuleType
) -> None:
    """A LLaVA that reads the last block but one has nothing to hide in the last."""
    intervention = replace(Intervention("projector", ((0, 0, 0, 4, 4),), "zero"), **change)
    query = kit.query(noise(1, 28, 28), intervention=intervention, how="choose")
    (answer,) = asked(model("llava"), query)
    assert answer.status == "error"
    assert word in answer.detail
    with pytest.raises(ValueError, match=word.split(":", maxsplit=1)[0]):
        model("llava").hidden_tokens(query)


def test_without_an_image_there_is_nothing_to_mask(model: Models, kit: ModuleType) -> None:
    query = kit.query(intervention=Intervention("projector", (), "zero", pick="all"), how="choose")
    (answer,) = asked(model("llava"), query)
    assert answer.status == "error"
    assert "no image" in answer.detail
