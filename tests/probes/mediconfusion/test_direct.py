"""Greedy and prefix answers of a real architecture against its own logits, computed here step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from audit.models.table import open_model
from probes.mediconfusion.scored import mean_logprobs, scored_letter

KIND = "llava"


def logprobs(folder: Path, image: np.ndarray, text: str, extra: Sequence[int]) -> Any:
    """Log-probabilities at the last position of a prompt and after each of `extra`, by a plain forward pass."""
    import PIL.Image
    import torch
    from transformers import AutoModelForImageTextToText, AutoProcessor

    processor = AutoProcessor.from_pretrained(folder)
    model = AutoModelForImageTextToText.from_pretrained(folder).eval()
    content = [{"type": "image"}, {"type": "text", "text": text}]
    prompt = processor.apply_chat_template([{"role": "user", "content": content}], add_generation_prompt=True)
    inputs = processor(text=prompt, images=[PIL.Image.fromarray(image)], return_tensors="pt", add_special_tokens=False)
    count = inputs["input_ids"].shape[1]
    tail = torch.tensor([list(extra)], dtype=torch.long)
    inputs["input_ids"] = torch.cat([inputs["input_ids"], tail], dim=1)
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    with torch.inference_mode():
        logits = model(
            **{k: v for k, v in inputs.items() if k in ("input_ids", "attention_mask", "pixel_values")}
        ).logits
    return torch.log_softmax(logits[0].double(), dim=-1)[count - 1 :]


@pytest.fixture(scope="module")
def folder(tiny_checkpoint: Callable[[str], Path]) -> Path:
    return tiny_checkpoint(KIND)


@pytest.mark.parametrize("condition", ["greedy", "greedy+swapped"])
def test_greedy_is_the_larger_next_token_score(kit: ModuleType, folder: Path, condition: str) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    asked = [request for request in kit.requests(kit.made_pairs(2)) if request.condition == condition]
    model = open_model(f"hf:{folder}")
    answers = dict(model.answers([request.query for request in asked]))
    for place, request in enumerate(asked):
        scores = logprobs(folder, request.query.images[0].rgb(), request.query.text, [])[0]
        # a letter as it stands and after a space: the adapter counts both where both are one token
        ids = {
            letter: [tokenizer.encode(form + letter, add_special_tokens=False) for form in ("", " ")] for letter in "AB"
        }
        single = [form for form in (0, 1) if all(len(ids[letter][form]) == 1 for letter in "AB")]
        direct = {
            letter: float(np.logaddexp.reduce([float(scores[ids[letter][form][0]]) for form in single]))
            for letter in "AB"
        }
        whole = np.logaddexp(direct["A"], direct["B"])
        for letter in "AB":
            assert answers[place].option_logprobs[letter] == pytest.approx(direct[letter] - whole, abs=1e-4)
        assert scored_letter(request.query, answers[place]) == ("B" if direct["B"] > direct["A"] else "A")


def test_prefix_is_the_geometric_mean_of_the_options_tokens(kit: ModuleType, folder: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    request = next(request for request in kit.requests(kit.made_pairs(1)) if request.condition == "prefix")
    (answer,) = dict(open_model(f"hf:{folder}").answers([request.query])).values()
    means = {}
    for option in request.query.options:
        ids = tokenizer.encode(f" {option.text}", add_special_tokens=False)
        rows = logprobs(folder, request.query.images[0].rgb(), request.query.text, ids)
        means[option.label] = sum(float(rows[step][token]) for step, token in enumerate(ids)) / len(ids)
    assert mean_logprobs(answer) == pytest.approx(means, abs=1e-4)
    assert scored_letter(request.query, answer) == ("A" if means["A"] > means["B"] else "B")
