"""hf: on real architectures with random weights, loaded as a user loads them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Model
from audit.core.query import Decoding, Intervention, Message, Option, Query, ask
from audit.models.hf import HfModel
from audit.models.table import open_model

VLMS = ("llava", "qwen2_5_vl", "gemma3", "idefics3", "smolvlm")
OPTIONS = (Option("A", "a chest x-ray"), Option("B", "a liver"), Option("C", "none of the above"))

Queries = Callable[..., list[Query]]


def opened(folder: Path, settings: str = "batch_size=4") -> HfModel:
    model = open_model(f"hf:{folder}?{settings}")
    assert isinstance(model, HfModel)
    return model


def asked(model: Model, queries: list[Query]) -> list[Answer]:
    found = dict(model.answers(queries))
    assert sorted(found) == list(range(len(queries)))
    return [found[index] for index in range(len(queries))]


def assert_alike(one: Answer, other: Answer, tolerance: float = 1e-4) -> None:
    assert (one.text, one.status, one.notes, one.option_tokens) == (
        other.text,
        other.status,
        other.notes,
        other.option_tokens,
    )
    for first, second in ((one.option_logprobs, other.option_logprobs), (one.option_priors, other.option_priors)):
        assert first.keys() == second.keys()
        for name in first:
            assert first[name] == pytest.approx(second[name], abs=tolerance), name


@pytest.fixture(scope="module", params=VLMS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def model(kind: str, tiny_checkpoint: Callable[[str], Path]) -> HfModel:
    return opened(tiny_checkpoint(kind))


def test_every_way_to_answer_with_0_1_and_2_images_whatever_the_batch(model: HfModel, queries: Queries) -> None:
    asking = queries()
    together = asked(model, asking)
    for query, answer in zip(asking, together, strict=True):
        assert answer.status in ("ok", "truncated"), answer.detail
        assert answer.prompt_tokens
        if query.how == "choose":
            assert math.fsum(map(math.exp, answer.option_logprobs.values())) == pytest.approx(1, abs=1e-6)
            assert answer.text == answer.chosen
        if query.how == "likelihood":
            assert answer.option_tokens.keys() == answer.option_priors.keys() == {"A", "B", "C"}
    alone = [asked(model, [query])[0] for query in reversed(asking)]
    for one, other in zip(together, reversed(alone), strict=True):
        assert_alike(one, other)


def test_images_and_their_order_matter(model: HfModel, images: list[Image]) -> None:
    first, second = images[:2]
    pictures: list[tuple[Image, ...]] = [(), (first,), (second,), (first, second), (second, first)]
    answers = asked(model, [Query(ask(*some, "Which one?"), OPTIONS, "choose") for some in pictures])
    found = [tuple(answer.option_logprobs.values()) for answer in answers]
    assert len(set(found)) == len(pictures)


def _rendered(folder: Path, query: Query) -> str:
    """The prompt by the checkpoint's template, rendered without the library that the adapter uses."""
    from jinja2 import Environment

    def raise_exception(message: str) -> None:
        raise AssertionError(message)

    template = Environment().from_string((folder / "chat_template.jinja").read_text())
    content = [
        {"type": "image"} if isinstance(part, Image) else {"type": "text", "text": part}
        for part in query.messages[0].parts
    ]
    return template.render(
        messages=[{"role": "user", "content": content}],
        add_generation_prompt=True,
        bos_token="<s>",
        raise_exception=raise_exception,
    )


def _direct(model: HfModel, query: Query, text: str, extra: list[int]) -> Any:
    """Log-probabilities at every position of prompt and extra tokens, by one plain forward pass."""
    import PIL.Image
    import torch

    engine = model._loaded().engine
    pictures = [PIL.Image.fromarray(image.rgb()) for image in query.images]
    inputs = engine.processor(
        text=[text],
        images=[pictures] if pictures else None,
        return_tensors="pt",
        add_special_tokens=False,
    )
    count = inputs["input_ids"].shape[1]
    tail = torch.tensor([extra], dtype=torch.long)
    for key in list(inputs):
        if tuple(inputs[key].shape) == (1, count):
            fill = {"input_ids": tail, "attention_mask": torch.ones_like(tail)}.get(key, torch.zeros_like(tail))
            inputs[key] = torch.cat([inputs[key], fill.to(inputs[key].dtype)], dim=1)
    with torch.inference_mode():
        logits = engine.model(**inputs).logits[0].double()
    return torch.log_softmax(logits, dim=-1)[count - 1 :]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_choose_is_the_models_own_probability_of_the_labels(
    kind: str, model: HfModel, images: list[Image], tiny_checkpoint: Callable[[str], Path], count: int
) -> None:
    query = Query(ask(*images[:count], "Which image does not match?"), OPTIONS, "choose")
    text = _rendered(tiny_checkpoint(kind), query)
    tokenizer = model._loaded().engine.tokenizer
    scores = _direct(model, query, text, [])[0]
    total = {}
    for label in "ABC":
        variants = [label] if text[-1].isspace() else [label, " " + label]
        ids = [tokenizer(variant, add_special_tokens=False)["input_ids"] for variant in variants]
        assert all(len(one) == 1 for one in ids)
        total[label] = math.log(math.fsum(math.exp(float(scores[one[0]])) for one in ids))
    whole = math.log(math.fsum(map(math.exp, total.values())))
    (answer,) = asked(model, [query])
    assert answer.option_logprobs == pytest.approx({k: v - whole for k, v in total.items()}, abs=1e-4)
    assert answer.notes == ()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_likelihood_is_the_sum_over_the_texts_tokens(
    kind: str, model: HfModel, images: list[Image], tiny_checkpoint: Callable[[str], Path], count: int
) -> None:
    query = Query(ask(*images[:count], "Which image does not match?"), OPTIONS, "likelihood", prefix="It is")
    (answer,) = asked(model, [query])
    folder = tiny_checkpoint(kind)
    tokenizer = model._loaded().engine.tokenizer
    blank = Query(ask(""), OPTIONS, "likelihood")
    for option in OPTIONS:
        ids = tokenizer(" " + option.text, add_special_tokens=False)["input_ids"]
        assert answer.option_tokens[option.label] == len(ids)
        for asked_query, found in ((query, answer.option_logprobs), (blank, answer.option_priors)):
            scores = _direct(model, asked_query, _rendered(folder, asked_query) + "It is", ids)
            direct = math.fsum(float(scores[place, token]) for place, token in enumerate(ids))
            assert found[option.label] == pytest.approx(direct, abs=1e-3)
    assert answer.text == OPTIONS["ABC".index(answer.chosen or "")].text


def test_labels_that_split_are_scored_as_sequences_and_flagged(
    kind: str, model: HfModel, images: list[Image], tiny_checkpoint: Callable[[str], Path]
) -> None:
    labels = ("zebra", "quail")
    query = Query(ask(images[0], "Which?"), tuple(Option(x, x) for x in labels), "choose")
    (answer,) = asked(model, [query])
    assert "label_split" in answer.notes
    text = _rendered(tiny_checkpoint(kind), query)
    tokenizer = model._loaded().engine.tokenizer
    total = {}
    for label in labels:
        variants = [label] if text[-1].isspace() else [label, " " + label]
        sums = []
        for variant in variants:
            ids = tokenizer(variant, add_special_tokens=False)["input_ids"]
            scores = _direct(model, query, text, ids)
            sums.append(math.fsum(float(scores[place, token]) for place, token in enumerate(ids)))
        total[label] = math.log(math.fsum(map(math.exp, sums)))
    whole = math.log(math.fsum(map(math.exp, total.values())))
    assert answer.option_logprobs == pytest.approx({k: v - whole for k, v in total.items()}, abs=1e-3)


def test_what_was_asked_before_changes_nothing(model: HfModel, queries: Queries, images: list[Image]) -> None:
    text_only = queries(counts=(0,))
    fresh = asked(model, text_only)
    asked(model, [Query(ask(*images[:2], "Which?"), OPTIONS, how) for how in ("generate", "choose", "likelihood")])
    assert asked(model, text_only) == fresh


def test_the_second_run_gives_the_same_bits(
    kind: str, tiny_checkpoint: Callable[[str], Path], queries: Queries
) -> None:
    asking = queries(counts=(0, 2))
    one, other = (asked(opened(tiny_checkpoint(kind)), asking) for _ in range(2))
    assert one == other


def test_sampling_depends_on_the_query_alone(model: HfModel, images: list[Image]) -> None:
    import torch

    warm = Decoding(max_new_tokens=8, temperature=1.5, top_p=0.9, seed=3)
    asking = [Query(ask(image, "Which one?"), decoding=warm, sample=sample) for image in images for sample in range(2)]
    state = torch.random.get_rng_state()
    together = asked(model, asking)
    assert torch.equal(state, torch.random.get_rng_state())
    assert [asked(model, [query])[0] for query in asking] == together
    assert len({answer.text for answer in together}) > 3
    other = asked(model, [replace(query, decoding=replace(warm, seed=4)) for query in asking])
    assert [answer.text for answer in other] != [answer.text for answer in together]


def test_system_text_is_seen_and_noted_where_it_has_no_turn(kind: str, model: HfModel, images: list[Image]) -> None:
    plain = Query(ask(images[0], "Which one?"), OPTIONS, "choose")
    systems = [plain.with_messages(ask(images[0], "Which one?", system=text)) for text in ("Be brief.", "Be long.")]
    first, second, third = asked(model, [plain, *systems])
    assert first.option_logprobs != second.option_logprobs != third.option_logprobs
    assert (second.notes == ("system_in_user",)) == (kind == "gemma3")


def test_turns_with_images_in_between(model: HfModel, images: list[Image]) -> None:
    shots = (
        Message("user", ("Look:", images[0], "What is it?")),
        Message("assistant", ("a liver",)),
        Message("user", ("And", images[1], "this?")),
    )
    (answer,) = asked(model, [Query(shots, OPTIONS, "choose")])
    assert answer.status == "ok"
    (swapped,) = asked(
        model, [Query((Message("user", ("Look:", images[1], "What is it?")), *shots[1:]), OPTIONS, "choose")]
    )
    assert swapped.option_logprobs != answer.option_logprobs


def test_one_bad_query_costs_the_others_nothing(model: HfModel, images: list[Image]) -> None:
    def broken() -> Any:
        raise InputError("cannot be read", path="scan.png")

    good = Query(ask(images[0], "Which one?"), OPTIONS, "choose")
    placeholder = model._loaded().engine.template.placeholder
    bad = [
        replace(good, messages=ask(Image(broken), "Which one?")),
        replace(good, options=OPTIONS[:1]),
        replace(good, messages=ask(images[0], f"What is {placeholder}?")),
        replace(good, intervention=Intervention("nowhere", ((0, 0, 0, 1, 1),), "zero")),
    ]
    answers = asked(model, [good, *bad, good])
    assert [answer.status for answer in answers] == ["ok", "error", "error", "error", "error", "ok"]
    for answer, word in zip(answers[1:], ("scan.png", "options", "placeholder", "mask"), strict=False):
        assert word in answer.detail
    assert_alike(answers[0], asked(model, [good])[0])


def test_grey_and_sixteen_bit_images(model: HfModel) -> None:
    grey = np.full((40, 40), 40000, dtype=np.uint16)
    same = np.full((40, 40, 3), 40000 >> 8, dtype=np.uint8)
    one, other = asked(model, [Query(ask(Image.of(pixels), "Which?"), OPTIONS, "choose") for pixels in (grey, same)])
    assert_alike(one, other)


def test_closing_frees_and_asking_again_loads_again(model: HfModel, images: list[Image]) -> None:
    query = Query(ask(images[0], "Which?"), OPTIONS, "choose")
    before = asked(model, [query])
    model.close()
    assert model._scorer is None
    assert asked(model, [query]) == before
