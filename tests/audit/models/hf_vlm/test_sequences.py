"""Scoring from the cache is trusted only where it agrees with the full pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from audit.core.image import Image
from audit.core.query import Query, ask
from audit.models.hf import HfModel
from audit.models.hf_vlm.engine import Engine
from audit.models.hf_vlm.sequences import SequenceScorer
from audit.models.table import open_model

VLMS = ("llava", "qwen2_5_vl", "gemma3", "idefics3", "smolvlm")
SEQUENCES = [(40, 50, 60), (41,), (42, 52), (43, 53, 63, 73, 83)]


@pytest.fixture(scope="module", params=VLMS)
def engine(request: pytest.FixtureRequest, tiny_checkpoint: Callable[[str], Path]) -> Engine:
    model = open_model(f"hf:{tiny_checkpoint(request.param)}")
    assert isinstance(model, HfModel)
    return model._loaded().engine


@pytest.fixture
def scorer(engine: Engine) -> SequenceScorer:
    return SequenceScorer(engine, batch_size=3)


@pytest.mark.parametrize("drop", [0, 1, 2])
@pytest.mark.parametrize("count", [0, 2])
def test_cache_and_full_pass_agree(scorer: SequenceScorer, images: list[Image], count: int, drop: int) -> None:
    prompt = scorer.engine.template.prompt(Query(ask(*images[:count], "Which one?")).messages, "Answer: ")
    with torch.inference_mode():
        by_cache, tokens = scorer._by_cache(prompt, drop, SEQUENCES)
        by_full_pass, same = scorer._by_full_pass(prompt, drop, SEQUENCES)
    assert tokens == same
    assert by_cache == pytest.approx(by_full_pass, abs=1e-4)
    assert scorer.logprobs(prompt, drop, SEQUENCES)[0] == pytest.approx(by_full_pass, abs=1e-4)
    assert scorer._faithful == {bool(count): True}


def test_a_cache_that_disagrees_is_not_used_again(
    scorer: SequenceScorer, images: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = scorer.engine.template.prompt(ask(images[0], "Which one?"))
    calls = []

    def wrong(*_: Any) -> tuple[list[float], int]:
        calls.append(1)
        return [-1.0] * len(SEQUENCES), 7

    monkeypatch.setattr(scorer, "_by_cache", wrong)
    with torch.inference_mode():
        expected, _ = scorer._by_full_pass(prompt, 0, SEQUENCES)
    for _ in range(2):
        assert scorer.logprobs(prompt, 0, SEQUENCES)[0] == pytest.approx(expected, abs=1e-5)
    assert len(calls) == 1
