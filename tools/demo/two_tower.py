"""The contrastive demo pair: an image and a text tower that learn which statements are true of which image.

The image tower starts from that of demo:base. A caption states some facts of a case; it is true of every image of the
batch that has all of them, so that no pair is called a mismatch that is none. The loss is SigLIP's (Zhai et al. 2023,
arXiv 2303.15343, section 3.2): one binary decision per pair of image and text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from audit.data.phantoms.case import Case
from demo.build import HEADS, LAYERS, PATCH, SIZE, WIDTH
from demo.loop import Schedule, descend
from demo.pool import Pool
from demo.singles import facts, pick

LENGTH = 32
BATCH = 48
FORMS = ("{}", "{}", "{}", "a medical image of {}.", "a medical image showing {}.", "this is an image of {}.",
         "a radiograph of {}.", "a scan showing {}.", "findings: {}.", "a photo of {}.")  # fmt: skip
ASKED = ("modality", "anatomy", "view", "finding", "laterality", "sequence")

Facts = Mapping[str, str]


def build_two_tower(texts: Sequence[str], base: Path, seed: int) -> tuple[Any, Any]:
    """A SigLIP model (about 2.5 million parameters, float32) whose image tower is that of `base`, and its processor."""
    import torch
    from transformers import (
        LlavaForConditionalGeneration,
        SiglipConfig,
        SiglipImageProcessorPil,
        SiglipModel,
        SiglipProcessor,
    )

    from demo.build import build_tokenizer

    tokenizer = build_tokenizer(texts, 512)
    tokenizer.padding_side, tokenizer.model_max_length, tokenizer.chat_template = "right", LENGTH, None
    shape = {"hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS}
    vision = {**shape, "intermediate_size": 3 * WIDTH, "image_size": SIZE, "patch_size": PATCH}
    pad, end = tokenizer.pad_token_id, tokenizer.eos_token_id
    text = {**shape, "intermediate_size": 3 * WIDTH, "num_hidden_layers": 3, "vocab_size": len(tokenizer),
            "max_position_embeddings": LENGTH, "projection_size": WIDTH, "pad_token_id": pad, "eos_token_id": end,
            "bos_token_id": end}  # fmt: skip
    torch.manual_seed(seed)
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=vision))
    with torch.no_grad():
        model.logit_scale.fill_(float(np.log(10.0)))
        model.logit_bias.fill_(-3.0)
    tower = LlavaForConditionalGeneration.from_pretrained(base, dtype=torch.float32).model.vision_tower
    lacking = model.vision_model.load_state_dict(tower.state_dict(), strict=False)
    if lacking.unexpected_keys or any(not name.startswith("head.") for name in lacking.missing_keys):
        raise ValueError(f"the image tower of {base} does not fit: {lacking}")
    images = SiglipImageProcessorPil(size={"height": SIZE, "width": SIZE}, resample=3)
    return model, SiglipProcessor(images, tokenizer)


def caption(rng: np.random.Generator, known: Facts, names: Sequence[str] = ASKED) -> tuple[str, dict[str, str]]:
    """A text, and the facts that it states: mostly one, the finding more often than others."""
    able = [name for name in names if name in known]
    weights = np.array([3.0 if name == "finding" else 1.0 for name in able])
    count = min(len(able), int(rng.choice((1, 2, 3), p=(0.7, 0.2, 0.1))))
    chosen = [able[i] for i in sorted(rng.choice(len(able), count, replace=False, p=weights / weights.sum()))]
    stated = {name: known[name] for name in chosen}
    return pick(rng, FORMS).format(", ".join(stated.values())), stated


def truths(known: Sequence[Facts], stated: Sequence[Facts]) -> Any:
    """Whether caption j is true of image i, shape (images, captions), float32 of 0 and 1."""
    rows = [[all(own.get(name) == value for name, value in said.items()) for said in stated] for own in known]
    return np.array(rows, np.float32)


def captions_for_tokenizer(rng: np.random.Generator, cases: Sequence[Case], n: int = 4000) -> list[str]:
    """Texts to train the tokenizer on."""
    return [caption(rng, facts(cases[int(rng.integers(len(cases)))], 0))[0] for _ in range(n)]


def train_two_tower(
    model: Any,
    processor: Any,
    pool: Pool,
    schedule: Schedule,
    seed: Sequence[int],
    report: Callable[[int, float, float], None],
    names: Sequence[str] = ASKED,
) -> None:
    """Train in place on captions of the facts `names`; `report(step, mean loss, seconds)` every 50 steps."""
    import torch

    rng = np.random.default_rng(seed)
    torch.manual_seed(seed[0] + seed[1])
    known = [facts(case, 0) for case in pool.cases]
    model.train()

    def backward() -> float:
        drawn = rng.choice(len(pool.cases), BATCH, replace=False)
        said = [caption(rng, known[i], names) for i in drawn]
        with torch.autocast("cpu", torch.bfloat16):
            loss = _loss(model, processor, pool.single[drawn], said, [known[i] for i in drawn])
        loss.backward()
        return float(loss.detach())

    descend(model, _optimiser(model, schedule), schedule, backward, report)


def _optimiser(model: Any, schedule: Schedule) -> Any:
    import torch

    own = dict(model.named_parameters())
    plain = [p for name, p in own.items() if p.ndim < 2 or name.startswith("logit")]
    matrices = [p for name, p in own.items() if p.ndim >= 2 and not name.startswith("logit")]
    groups = [{"params": matrices, "weight_decay": schedule.decay}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.AdamW([{**group, "share": 1.0} for group in groups], lr=schedule.rate, betas=(0.9, 0.98))


def _loss(model: Any, processor: Any, images: Any, said: Sequence[tuple[str, Facts]], known: Sequence[Facts]) -> Any:
    """Binary cross-entropy over all pairs, true and untrue ones weighing the same."""
    import torch

    pixels = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1
    ids = processor.tokenizer(
        [text for text, _ in said], padding="max_length", truncation=True, max_length=LENGTH, return_tensors="pt"
    )["input_ids"]
    logits = model(input_ids=ids, pixel_values=pixels).logits_per_image.float()
    truth = torch.from_numpy(truths(known, [stated for _, stated in said]))
    losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    return (losses * truth).sum() / truth.sum() + (losses * (1 - truth)).sum() / (1 - truth).sum()
