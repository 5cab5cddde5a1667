"""Token sequences after a prompt, scored by teacher forcing: the prompt, with its images, is run once."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from audit.models.hf_vlm.engine import Engine
from audit.models.hf_vlm.labels import Ids
from audit.models.hf_vlm.prompts import Prompt

if TYPE_CHECKING:
    from torch import Tensor

# Attributes in which models of many families keep positions from one call to the next.
_STATE = ("rope_deltas",)
# How far, in nats a token, a continuation from the cache may lie from the full pass, by bytes of the number format.
_TOLERANCE = {2: 0.1, 4: 1e-3, 8: 1e-3}


class SequenceScorer:
    """Scores sequences after a prompt, from the prompt's cache where the model continues from it faithfully.

    Whether it does is found out, not assumed: the first time for prompts with images and the first time without, the
    longest sequence is scored by a full pass as well, and where the two differ, full passes are used from then on.
    """

    def __init__(self, engine: Engine, batch_size: int) -> None:
        self.engine, self.batch_size = engine, batch_size
        self._faithful: dict[bool, bool] = {}

    def logprobs(self, prompt: Prompt, drop: int, sequences: Sequence[Ids]) -> tuple[list[float], int]:
        """Summed log-probability of each sequence after the prompt without its last `drop` tokens, and the number of
        prompt tokens."""
        import torch

        pictured = bool(prompt.images)
        with torch.inference_mode():
            if not self._faithful.get(pictured, True):
                return self._by_full_pass(prompt, drop, sequences)
            totals, count = self._by_cache(prompt, drop, sequences)
            if pictured not in self._faithful:
                longest = max(range(len(sequences)), key=lambda index: len(sequences[index]))
                (full,), _ = self._by_full_pass(prompt, drop, [sequences[longest]])
                width = self.engine.model.dtype.itemsize
                limit = _TOLERANCE[width] * len(sequences[longest])
                if len(sequences[longest]) > 1:
                    self._faithful[pictured] = abs(full - totals[longest]) <= limit
                if not self._faithful.get(pictured, True):
                    return self._by_full_pass(prompt, drop, sequences)
        return totals, count

    def _by_cache(self, prompt: Prompt, drop: int, sequences: Sequence[Ids]) -> tuple[list[float], int]:
        inputs = self.engine.inputs([prompt], "right")
        with self.engine.hiding([prompt], inputs):
            return self._continued(inputs, drop, sequences), int(inputs["input_ids"].shape[1])

    def _continued(self, inputs: Any, drop: int, sequences: Sequence[Ids]) -> list[float]:
        import torch

        model, count = self.engine.model, int(inputs["input_ids"].shape[1])
        _forget(model)
        more = {"logits_to_keep": 1} if self.engine.keeps_logits else {}
        first = model(**{key: _cut(value, 1, count, drop) for key, value in inputs.items()}, use_cache=True, **more)
        start = torch.log_softmax(first.logits[0, -1].float(), dim=-1)
        totals = [float(start[ids[0]]) for ids in sequences]
        longer = [index for index, ids in enumerate(sequences) if len(ids) > 1]
        for low, high in pairwise([*range(0, len(longer), self.batch_size), len(longer)]):
            part = [sequences[index] for index in longer[low:high]]
            cache = copy.deepcopy(first.past_key_values)
            cache.batch_repeat_interleave(len(part))
            # Without padding before or between, no mask is needed: what is padded at the end comes after all scores.
            ids, _ = self._padded([one[:-1] for one in part])
            logits = model(input_ids=ids, past_key_values=cache, use_cache=True).logits
            for index, rest in zip(longer[low:high], _gathered(logits, [one[1:] for one in part], 0), strict=True):
                totals[index] += rest
        return totals

    def _by_full_pass(self, prompt: Prompt, drop: int, sequences: Sequence[Ids]) -> tuple[list[float], int]:
        totals: list[float] = []
        count = 0
        for low, high in pairwise([*range(0, len(sequences), self.batch_size), len(sequences)]):
            part = sequences[low:high]
            inputs = self.engine.inputs([prompt] * len(part), "right")
            count = int(inputs["input_ids"].shape[1])
            ids, mask = self._padded([one[:-1] for one in part])
            _forget(self.engine.model)
            extended = {key: _extended(key, value, count, drop, ids, mask) for key, value in inputs.items()}
            with self.engine.hiding([prompt] * len(part), inputs):
                logits = self.engine.model(**extended, use_cache=False).logits
            totals += _gathered(logits, part, count - drop - 1)
        return totals, count

    def _padded(self, sequences: Sequence[Ids]) -> tuple[Tensor, Tensor]:
        """Ids padded at their end, and their mask."""
        import torch

        width, device = max(map(len, sequences)), self.engine.model.device
        pad = self.engine.tokenizer.pad_token_id
        ids = torch.tensor([[*one, *[pad] * (width - len(one))] for one in sequences], dtype=torch.long, device=device)
        mask = torch.tensor([[1] * len(one) + [0] * (width - len(one)) for one in sequences], device=device)
        return ids, mask.to(torch.long)


def _forget(model: Any) -> None:
    """Clear positions that the model keeps from an earlier prompt."""
    for module in model.modules():
        for name in _STATE:
            if name in module.__dict__:
                setattr(module, name, None)


def _gathered(logits: Tensor, sequences: Sequence[Ids], start: int) -> list[float]:
    """Sum of log-probabilities of each row's tokens, the first of which is predicted at position `start`."""
    import torch

    width = max(map(len, sequences))
    scores = torch.log_softmax(logits[:, start : start + width].float(), dim=-1).cpu()
    return [
        sum(float(scores[row, place, token]) for place, token in enumerate(ids)) for row, ids in enumerate(sequences)
    ]


def _cut(value: Any, rows: int, length: int, drop: int) -> Any:
    """A per-token tensor without its last `drop` positions; any other tensor as it is."""
    per_token = getattr(value, "ndim", 0) >= 2 and tuple(value.shape[:2]) == (rows, length)
    return value[:, : length - drop] if drop and per_token else value


def _extended(key: str, value: Any, length: int, drop: int, ids: Tensor, mask: Tensor) -> Any:
    """A per-token tensor continued over `ids`: token types by 0, masks over images as at the last token."""
    import torch

    rows, width = ids.shape
    if getattr(value, "ndim", 0) < 2 or tuple(value.shape[:2]) != (rows, length):
        return value
    kept = _cut(value, rows, length, drop)
    if key == "input_ids":
        return torch.cat([kept, ids], dim=1)
    if key == "attention_mask":
        return torch.cat([kept, mask.to(kept.dtype)], dim=1)
    last = kept[:, -1:] if kept.ndim > 2 else torch.zeros_like(kept[:, -1:])
    return torch.cat([kept, last.repeat_interleave(width, dim=1)], dim=1)
