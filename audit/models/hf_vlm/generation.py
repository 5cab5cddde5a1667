"""Generation: greedy or sampled text, the same whatever else is in the batch."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.core.answer import Answer
from audit.core.query import Decoding, Query
from audit.models.hf_vlm.engine import Engine
from audit.models.hf_vlm.prompts import Prompt
from audit.models.reasoning import Pattern, split_reasoning

if TYPE_CHECKING:
    from torch import Tensor


def generate(engine: Engine, queries: Sequence[Query], pattern: Pattern | None) -> list[Answer]:
    """The text that the model says to each query; all queries share their decoding and number of images.

    `truncated` where the length limit was reached before an end, or reasoning never ended."""
    import torch

    decoding = queries[0].decoding
    prompts = [engine.template.of(query) for query in queries]
    inputs = engine.inputs(prompts, "left")
    width = int(inputs["input_ids"].shape[1])
    stops = _Stops(engine.tokenizer, decoding.stop, width)
    with torch.inference_mode(), engine.hiding(prompts, inputs):
        ids = engine.model.generate(
            **inputs,
            generation_config=_configuration(engine, decoding),
            logits_processor=_samplers(queries) if decoding.temperature > 0 else [],
            stopping_criteria=[stops.met] if decoding.stop else [],
        )
    ends = _ends(engine)
    counts = inputs["attention_mask"].sum(dim=1).tolist()
    return [
        _answer(engine, prompt, _new_tokens(row[width:].tolist(), ends), decoding, pattern, count, ends)
        for row, prompt, count in zip(ids, prompts, counts, strict=True)
    ]


def _configuration(engine: Engine, decoding: Decoding) -> Any:
    """The checkpoint's own generation settings, with what a query decides put over them: sampling is done by our
    processors, with one seed a query, so for the library every search is greedy."""
    config = copy.deepcopy(engine.model.generation_config)
    config.update(
        do_sample=False,
        temperature=None,
        top_p=None,
        top_k=None,
        num_beams=1,
        max_length=None,
        max_new_tokens=decoding.max_new_tokens,
        return_dict_in_generate=False,
        pad_token_id=engine.tokenizer.pad_token_id,
    )
    return config


def _ends(engine: Engine) -> frozenset[int]:
    """Token ids that end an answer."""
    found = engine.model.generation_config.eos_token_id
    found = engine.tokenizer.eos_token_id if found is None else found
    return frozenset(found if isinstance(found, list) else [] if found is None else [found])


def _new_tokens(ids: list[int], ends: frozenset[int]) -> list[int]:
    """The tokens up to and with the first that ends the answer; the rest is padding."""
    last = next((index for index, token in enumerate(ids) if token in ends), None)
    return ids if last is None else ids[: last + 1]


def _answer(
    engine: Engine,
    prompt: Prompt,
    ids: list[int],
    decoding: Decoding,
    pattern: Pattern | None,
    prompt_tokens: int,
    ends: frozenset[int],
) -> Answer:
    marked = pattern or prompt.block
    text, stopped = _until(engine.tokenizer.decode(ids, skip_special_tokens=marked is None), decoding.stop)
    split = split_reasoning(text, marked, opened=prompt.block is not None)
    limit = len(ids) >= decoding.max_new_tokens and not stopped and not (ids and ids[-1] in ends)
    return Answer(
        text=_plain(engine, split.answer),
        reasoning=_plain(engine, split.reasoning),
        status="truncated" if limit or not split.closed else "ok",
        notes=prompt.notes,
        prompt_tokens=prompt_tokens,
        new_tokens=len(ids),
    )


def _plain(engine: Engine, text: str) -> str:
    """Without the special tokens that decoding kept because they may mark where reasoning ends."""
    for token in engine.tokenizer.all_special_tokens:
        text = text.replace(token, "")
    return text.strip()


def _until(text: str, stop: Sequence[str]) -> tuple[str, bool]:
    """The text before the first stop string, and whether there was one."""
    places = [place for place in (text.find(mark) for mark in stop) if place >= 0]
    return (text[: min(places)], True) if places else (text, False)


@dataclass
class _Stops:
    """Ends a row once its new text holds a stop string. Only the last tokens are decoded at each step."""

    tokenizer: Any
    stop: tuple[str, ...]
    width: int

    def met(self, ids: Tensor, _scores: Tensor, **_: Any) -> Tensor:
        """For each row whether it is done, shape (rows,)."""
        import torch

        tail = max(len(mark.encode()) for mark in self.stop) + 8
        texts = self.tokenizer.batch_decode(ids[:, max(self.width, ids.shape[1] - tail) :], skip_special_tokens=False)
        return torch.tensor([any(mark in text for mark in self.stop) for text in texts], device=ids.device)


def _samplers(queries: Sequence[Query]) -> list[Any]:
    """Temperature and top-p of the queries' decoding, then Gumbel noise drawn per query: the largest noisy score is a
    sample of the softmax, so each query's draw depends on its own seed alone."""
    import torch
    from transformers import TemperatureLogitsWarper, TopPLogitsWarper

    decoding = queries[0].decoding
    draws = [torch.Generator().manual_seed(int(query.digest[:15], 16)) for query in queries]

    def noisy(_ids: Tensor, scores: Tensor) -> Tensor:
        uniform = torch.stack([torch.rand(scores.shape[1], generator=draw, dtype=torch.float64) for draw in draws])
        gumbel = -torch.log(-torch.log(uniform.clamp(1e-300, 1 - 1e-16)))
        return torch.log_softmax(scores.double(), dim=-1) + gumbel.to(scores.device)

    warpers: list[Any] = [TemperatureLogitsWarper(decoding.temperature)]
    if decoding.top_p < 1:
        warpers.append(TopPLogitsWarper(decoding.top_p))
    return [*warpers, noisy]
