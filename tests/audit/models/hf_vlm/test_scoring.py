"""Scores under reasoning patterns and named prompt formats; sums of probabilities in logarithms."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp as independent

from audit.core.answer import Answer
from audit.core.image import Image
from audit.core.query import Option, Query, ask
from audit.models.hf_vlm.scoring import logsumexp
from audit.models.table import open_model

OPTIONS = (Option("A", "a chest x-ray"), Option("B", "a liver"))


def answered(folder: Path, settings: str, query: Query) -> Answer:
    model = open_model(f"hf:{folder}?{settings}")
    ((_, answer),) = model.answers([query])  # type: ignore[union-attr]
    return answer


@given(st.lists(st.floats(-800, 50), min_size=1, max_size=6))
def test_logsumexp(values: list[float]) -> None:
    assert logsumexp(values) == pytest.approx(independent(values), abs=1e-9)


def test_logsumexp_of_nothing() -> None:
    assert logsumexp([]) == logsumexp([-math.inf]) == -math.inf


@pytest.mark.parametrize("how", ["choose", "likelihood"])
def test_a_declared_think_block_is_closed_before_scoring(
    how: str, tiny_checkpoint: Callable[[str], Path], images: list[Image]
) -> None:
    folder = tiny_checkpoint("idefics3")
    query = Query(ask(images[0], "Which?"), OPTIONS, how)  # type: ignore[arg-type]
    by_pattern = answered(folder, "answer_pattern=think", query)
    by_hand = answered(folder, "", Query(query.messages, OPTIONS, query.how, prefix="<think>\n\n</think>\n\n"))
    assert by_pattern.notes == ("reasoning_closed",)
    assert by_pattern.option_logprobs == by_hand.option_logprobs
    assert by_pattern.option_logprobs != answered(folder, "", query).option_logprobs


def test_under_a_free_pattern_nothing_is_scored(tiny_checkpoint: Callable[[str], Path]) -> None:
    settings = "answer_pattern=Answer:(%3FP<answer>.)"
    folder = tiny_checkpoint("llava")
    assert open_model(f"hf:{folder}?{settings}").capabilities == {"generate", "embed", "mask_tokens"}
    answer = answered(folder, settings, Query(ask("Which?"), OPTIONS, "choose"))
    assert answer.status == "error"
    assert "pattern" in answer.detail


def test_a_named_format_takes_the_place_of_the_template(
    tiny_checkpoint: Callable[[str], Path], images: list[Image]
) -> None:
    query = Query(ask(images[0], "Which?"), OPTIONS, "choose")
    found = [answered(tiny_checkpoint("llava"), f"template={name}", query) for name in ("plain", "llava-v1", "chatml")]
    assert all(answer.status == "ok" for answer in found)
    assert len({tuple(answer.option_logprobs.values()) for answer in found}) == 3


def test_smaller_images_are_what_max_pixels_gives(tiny_checkpoint: Callable[[str], Path], images: list[Image]) -> None:
    query = Query(ask(images[0], "Which?"), OPTIONS, "choose")
    folder = tiny_checkpoint("qwen2_5_vl")
    whole, shrunk = (answered(folder, settings, query) for settings in ("", "max_pixels=800"))
    assert answered(folder, "max_pixels=100000", query) == whole
    assert shrunk.prompt_tokens is not None
    assert whole.prompt_tokens is not None
    assert shrunk.prompt_tokens < whole.prompt_tokens
