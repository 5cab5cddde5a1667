"""Generated text ends where it should, and its status says how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.core.answer import Answer
from audit.core.image import Image
from audit.core.query import Decoding, Query, ask
from audit.models.hf import HfModel
from audit.models.hf_vlm.generation import generate
from audit.models.hf_vlm.prompts import Template
from audit.models.reasoning import NAMED
from audit.models.table import open_model


@pytest.fixture(scope="module")
def model(tiny_checkpoint: Callable[[str], Path]) -> HfModel:
    found = open_model(f"hf:{tiny_checkpoint('qwen2_5_vl')}")
    assert isinstance(found, HfModel)
    return found


def asked(model: HfModel, decoding: Decoding, image: Image) -> Answer:
    ((_, answer),) = model.answers([Query(ask(image, "Which one?"), decoding=decoding)])
    return answer


def raw(model: HfModel, image: Image, count: int = 12) -> str:
    return asked(model, Decoding(max_new_tokens=count), image).text


class Script:
    """Stands in for the network: `generate` says the same words after every prompt."""

    def __init__(self, engine: Any, words: str, ending: bool) -> None:
        self._engine, self._words, self._ending = engine, words, ending
        self.generation_config = engine.model.generation_config
        self.device, self.dtype = engine.model.device, engine.model.dtype

    def generate(self, *, input_ids: Any, generation_config: Any, **_: Any) -> Any:
        import torch

        ids = self._engine.encode(self._words)[: generation_config.max_new_tokens]
        ids += [self._engine.tokenizer.eos_token_id] if self._ending else []
        return torch.cat([input_ids, torch.tensor([ids] * len(input_ids))], dim=1)


@pytest.fixture
def says(model: HfModel) -> Iterator[Callable[..., Answer]]:
    engine = model._loaded().engine
    network, template = engine.model, engine.template

    def made(
        words: str, *, ending: bool = True, pattern: str | None = None, opened: str = "", **decoding: Any
    ) -> Answer:
        engine.model = Script(engine, words, ending)
        engine.template = Template(lambda conversation: template._render(conversation) + opened, template.placeholder)
        query = Query(ask("Which one?"), decoding=Decoding(**decoding))
        (answer,) = generate(engine, [query], NAMED[pattern] if pattern else None)
        engine.model, engine.template = network, template
        return answer

    yield made
    engine.model, engine.template = network, template


def test_an_end_is_no_truncation(says: Callable[..., Answer]) -> None:
    answer = says(" A liver. ", ending=True)
    assert (answer.text, answer.status) == ("A liver.", "ok")


def test_the_length_limit_is(says: Callable[..., Answer]) -> None:
    answer = says("the image at row 1 column 2", ending=False, max_new_tokens=4)
    assert answer.status == "truncated"
    assert answer.new_tokens == 4
    assert "the image at row 1 column 2".startswith(answer.text)


def test_reasoning_is_kept_apart(says: Callable[..., Answer]) -> None:
    answer = says("<think>It is dark.</think><answer>B</answer>", pattern="think")
    assert (answer.reasoning, answer.text, answer.status) == ("It is dark.", "B", "ok")


def test_reasoning_that_never_ends_is_truncated(says: Callable[..., Answer]) -> None:
    answer = says("<think>It is A or B", pattern="think", ending=True)
    assert (answer.reasoning, answer.text, answer.status) == ("It is A or B", "", "truncated")


def test_reasoning_that_the_template_opened_needs_no_declaration(says: Callable[..., Answer]) -> None:
    answer = says("It is dark.</think>B", opened="<think>\n")
    assert (answer.reasoning, answer.text, answer.status) == ("It is dark.", "B", "ok")
    assert says("It is dark", opened="<think>\n").status == "truncated"


def test_a_stop_string_ends_the_text(model: HfModel, images: list[Image]) -> None:
    whole = raw(model, images[0])
    mark = whole[len(whole) // 2 : len(whole) // 2 + 2]
    answer = asked(model, Decoding(max_new_tokens=12, stop=(mark,)), images[0])
    assert answer.text == whole[: whole.index(mark)].strip()
    assert answer.status == "ok"
    assert answer.new_tokens is not None
    assert answer.new_tokens < 12


def test_greedy_is_the_likeliest_token_step_by_step(model: HfModel, images: list[Image]) -> None:
    import torch

    engine = model._loaded().engine
    inputs = dict(engine.inputs([engine.template.prompt(ask(images[0], "Which one?"))], "right"))
    ids: list[int] = []
    for _ in range(5):
        with torch.inference_mode():
            ids.append(int(engine.model(**inputs, use_cache=False).logits[0, -1].argmax()))
        for key, token in (("input_ids", ids[-1]), ("attention_mask", 1), ("mm_token_type_ids", 0)):
            inputs[key] = torch.cat([inputs[key], torch.tensor([[token]])], dim=1)
    assert engine.tokenizer.eos_token_id not in ids
    assert raw(model, images[0], 5) == engine.tokenizer.decode(ids, skip_special_tokens=True).strip()


def test_sampling_at_a_low_temperature_is_greedy(model: HfModel, images: list[Image]) -> None:
    cold = asked(model, Decoding(max_new_tokens=6, temperature=1e-4), images[0])
    assert cold.text == raw(model, images[0], 6)


def test_draws_follow_the_softmax(model: HfModel, images: list[Image]) -> None:
    """First tokens of 600 draws against the model's own probabilities: chi-squared over the likeliest tokens."""
    from scipy.stats import chisquare

    engine = model._loaded().engine
    warm = Decoding(max_new_tokens=1, temperature=2.0)
    draws = 600
    queries = [Query(ask("Which one?"), decoding=warm, sample=sample) for sample in range(draws)]
    rows, _ = engine.next_logprobs([engine.template.prompt(queries[0].messages)], [0])
    probabilities = (rows[0].double() / 2).softmax(0).numpy()
    texts = [engine.tokenizer.decode([token], skip_special_tokens=True).strip() for token in range(len(probabilities))]
    expected: dict[str, float] = {}
    for text, probability in zip(texts, probabilities, strict=True):
        expected[text] = expected.get(text, 0.0) + probability
    frequent = sorted(expected, key=expected.__getitem__, reverse=True)[:8]
    found = [
        answer.text for some in range(0, draws, 100) for answer in generate(engine, queries[some : some + 100], None)
    ]
    counts = [found.count(text) for text in frequent]
    wanted = [expected[text] * draws for text in frequent]
    counts.append(draws - sum(counts))
    wanted.append(draws - sum(wanted))
    assert chisquare(counts, wanted).pvalue > 1e-3
