"""The training loop: images with several questions each, packed so that no question sees another."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo.build import IMAGE_TOKENS
from demo.singles import Turn

# Images with questions about them; or a description in words, in their place.
Example = tuple[Sequence[NDArray[np.uint8]] | str, Sequence[Turn]]


@dataclass(frozen=True)
class Schedule:
    """AdamW: warm-up, a constant rate (times `tower` for the vision tower), a linear fall over the last share `fall`.

    With `seconds` the number of steps is fixed once the fall begins; training with that number
    of steps, and no `seconds`, repeats the run.
    """

    steps: int
    rate: float
    warmup: int = 100
    decay: float = 0.05
    tower: float = 1.0
    fall: float = 0.3
    seconds: float | None = None


def rate_at(step: int, steps: int, schedule: Schedule) -> float:
    """The learning rate of a step in a run of `steps`."""
    left = (steps - step) / max(schedule.fall * steps, 1)
    return schedule.rate * min(1.0, (step + 1) / schedule.warmup) * min(1.0, max(left, 0.01))


def halves(examples: Sequence[Example]) -> list[list[Example]]:
    """The examples by length, short and long apart, so that less is padded."""

    def length(example: Example) -> int:
        shown = len(example[0]) if isinstance(example[0], str) else 400 * len(example[0])
        return shown + sum(len(asked) for asked, _ in example[1])

    longest = sorted(examples, key=length)
    middle = len(longest) // 2
    return [longest[:middle], longest[middle:]]


def pack(tokenizer: Any, examples: Sequence[Example]) -> dict[str, Any]:
    """Tensors of a batch: pixels, ids, positions, the mask (question i sees the image and itself), labels."""
    import torch

    user, image, end, assistant = (
        tokenizer.convert_tokens_to_ids(t) for t in ("<|user|>", "<image>", "<|end|>", "<|assistant|>")
    )
    texts = [text for _, turns in examples for turn in turns for text in turn]
    ids = iter(tokenizer(texts, add_special_tokens=False)["input_ids"])
    rows, places, parts, labels, weights = [], [], [], [], []
    for images, turns in examples:
        told = tokenizer(images, add_special_tokens=False)["input_ids"] if isinstance(images, str) else None
        prefix = [user] + (told or [image] * (IMAGE_TOKENS * len(images)))
        row, place, part, label = list(prefix), list(range(len(prefix))), [0] * len(prefix), [-100] * len(prefix)
        weight = [0.0] * len(prefix)
        for number, _ in enumerate(turns, start=1):
            asked, answer = [*next(ids), end, assistant], [*next(ids), end]
            row += asked + answer
            place += range(len(prefix), len(prefix) + len(asked) + len(answer))
            part += [number] * (len(asked) + len(answer))
            # The label at a place is the token that follows it.
            label += [-100] * (len(asked) - 1) + answer + [-100]
            weight += [len(answer) ** -0.5] * (len(asked) + len(answer))
        for line, lines in ((row, rows), (place, places), (part, parts), (label, labels), (weight, weights)):
            lines.append(line)
    width = max(map(len, rows))

    def full(lines: Sequence[Sequence[float]], fill: float) -> Any:
        return torch.tensor([[*line, *[fill] * (width - len(line))] for line in lines])

    part_ = full(parts, -1)
    causal = torch.ones(width, width, dtype=torch.bool).tril()
    seen = (part_[:, None, :] == 0) | (part_[:, None, :] == part_[:, :, None])
    shown = [pixels for images, _ in examples if not isinstance(images, str) for pixels in images]
    ids_ = full(rows, tokenizer.pad_token_id)
    return {
        "pixels": torch.from_numpy(np.stack(shown)).permute(0, 3, 1, 2).float() / 127.5 - 1 if shown else None,
        "ids": ids_,
        "image": ids_ == image,
        "places": full(places, 0),
        "mask": torch.where((seen & causal)[:, None], 0.0, -1e4),
        "labels": full(labels, -100),
        "weights": full(weights, 0.0),
    }


def loss_of(model: Any, batch: dict[str, Any], *, frozen: bool = False) -> Any:
    """Cross-entropy summed over answers, each divided by the root of its length: letters count beside sentences."""
    import torch

    embedded = model.model.language_model.embed_tokens(batch["ids"])
    if batch["pixels"] is not None:
        with torch.set_grad_enabled(not frozen):
            patches = model.model.vision_tower(batch["pixels"], output_hidden_states=True).hidden_states[-1]
        features = model.model.multi_modal_projector(patches)
        places = batch["image"][:, :, None].expand_as(embedded)
        embedded = embedded.masked_scatter(places, features.to(embedded.dtype))
    hidden = model.model.language_model(
        inputs_embeds=embedded, attention_mask=batch["mask"], position_ids=batch["places"], use_cache=False
    ).last_hidden_state
    here = batch["labels"] != -100
    logits = model.lm_head(hidden[here]).float()
    losses = torch.nn.functional.cross_entropy(logits, batch["labels"][here], reduction="none")
    return (losses * batch["weights"][here]).sum()


def train(
    model: Any,
    tokenizer: Any,
    draw: Callable[[np.random.Generator], Sequence[Example]],
    schedule: Schedule,
    seed: Sequence[int],
    report: Callable[[int, float, float], None],
) -> list[float]:
    """Train in place; `report(step, mean loss, seconds)` is called every 50 steps. Returns those mean losses."""
    import torch

    rng = np.random.default_rng(seed)
    torch.manual_seed(seed[0] + seed[1])
    model.train()

    def backward() -> float:
        examples = draw(rng)
        answers, total = sum(len(turns) for _, turns in examples), 0.0
        for part in halves(examples):
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(model, pack(tokenizer, part), frozen=schedule.tower == 0) / answers
            loss.backward()
            total += float(loss.detach())
        return total

    return descend(model, _optimiser(model, schedule), schedule, backward, report)


def descend(
    model: Any,
    optimiser: Any,
    schedule: Schedule,
    backward: Callable[[], float],
    report: Callable[[int, float, float], None],
) -> list[float]:
    """Follow the schedule; `backward()` adds the gradients of one batch and returns its loss.

    `report(step, mean loss, seconds)` is called every 50 steps; returns those mean losses. A parameter group has its
    `share` of the rate."""
    import torch

    curve, recent, start = [], [], time.monotonic()
    step, steps, fitted = 0, schedule.steps, schedule.seconds is None
    while step < steps:
        if not fitted and time.monotonic() - start > (1 - schedule.fall) * (schedule.seconds or 0):
            steps, fitted = min(steps, round((step + 1) / (1 - schedule.fall))), True
        for group in optimiser.param_groups:
            group["lr"] = group["share"] * rate_at(step, steps if fitted else 10**9, schedule)
        recent.append(backward())
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        if step % 50 == 0 or step == steps:
            curve.append(sum(recent) / len(recent))
            recent.clear()
            report(step, curve[-1], time.monotonic() - start)
    return curve


def _optimiser(model: Any, schedule: Schedule) -> Any:
    import torch

    groups = []
    for part, share in (("tower", schedule.tower), ("rest", 1.0)):
        own = [p for name, p in model.named_parameters() if ("vision_tower" in name) == (part == "tower")]
        if not share:
            continue
        groups.append({"params": [p for p in own if p.ndim >= 2], "weight_decay": schedule.decay, "share": share})
        groups.append({"params": [p for p in own if p.ndim < 2], "weight_decay": 0.0, "share": share})
    return torch.optim.AdamW(groups, lr=schedule.rate, betas=(0.9, 0.98))
