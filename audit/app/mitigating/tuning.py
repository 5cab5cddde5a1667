"""Fine-tuning with the region-aware loss, or with its contrastive part alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.app.mitigating.regioned import Regioned
from audit.models.clip_towers.trainable import Trainable
from audit.store.asker import Progress, quiet
from probes.spurious.mitigation.loss import Batch, region_aware

WEIGHT_DECAY = 0.01
LARGEST_NORM = 1.0  # of the gradient


@dataclass(frozen=True)
class Schedule:
    """Steps of AdamW with `batch` images each; the rate rises over the first tenth and falls to 0 along a cosine. Of
    each image at most `regions` regions, drawn anew each time, enter a step. `region_aware` False leaves the terms of
    regions out: what fine-tuning does by itself."""

    steps: int = 200
    batch: int = 16
    rate: float = 1e-4
    regions: int = 6
    region_aware: bool = True

    def share(self, step: int) -> float:
        """Of the rate, at a step from 0 up."""
        warm = max(self.steps // 10, 1)
        if step < warm:
            return (step + 1) / warm
        return 0.5 * (1 + float(np.cos(np.pi * (step - warm) / max(self.steps - warm, 1))))


def tune(
    model: Trainable,
    data: Regioned,
    spurious: NDArray[np.bool_],
    classes: Sequence[str],
    schedule: Schedule,
    rng: np.random.Generator,
    progress: Progress = quiet,
) -> list[dict[str, float]]:
    """Train in place; returns the losses of each step. `spurious` (R,) says which regions of the data lie in the
    region cluster. Both towers are trained. Deterministic for a given generator on one machine."""
    import torch

    first = np.concatenate([[0], np.cumsum([len(several) for several in data.boxes])])
    optimiser = torch.optim.AdamW(model.weights, schedule.rate, weight_decay=WEIGHT_DECAY)
    losses = []
    for step, rows in enumerate(batches(len(data.images), schedule, rng)):
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate * schedule.share(step)
        optimiser.zero_grad()
        terms = region_aware(batch_of(model, data, spurious, classes, rows, first, schedule, rng))
        terms["total" if schedule.region_aware else "contrastive"].backward()
        torch.nn.utils.clip_grad_norm_(model.weights, LARGEST_NORM)
        optimiser.step()
        losses.append({name: round(float(term.detach()), 5) for name, term in terms.items()})
        progress(step + 1, schedule.steps)
    return losses


def batches(count: int, schedule: Schedule, rng: np.random.Generator) -> list[NDArray[np.intp]]:
    """Rows of each step: one pass over all images after another, each in an order of its own."""
    need = schedule.steps * min(schedule.batch, count)
    passes = -(-need // count)
    order = np.concatenate([rng.permutation(count) for _ in range(passes)])[:need]
    return np.split(order.astype(np.intp), schedule.steps)


def batch_of(
    model: Trainable,
    data: Regioned,
    spurious: NDArray[np.bool_],
    classes: Sequence[str],
    rows: NDArray[np.intp],
    first: NDArray[np.intp],
    schedule: Schedule,
    rng: np.random.Generator,
) -> Batch:
    """Embeddings with gradients of the images `rows` and at most `schedule.regions` regions of each; `first` (N + 1,)
    is the first region of each image."""
    import torch

    chosen: list[NDArray[np.intp]] = [
        np.sort(rng.permutation(len(data.boxes[row]))[: schedule.regions])
        if schedule.region_aware
        else np.empty(0, np.intp)
        for row in rows
    ]
    images = [data.images[row] for row in rows]
    boxes = [[data.boxes[row][place] for place in some] for row, some in zip(rows, chosen, strict=True)]
    regions = [first[row] + place for row, some in zip(rows, chosen, strict=True) for place in some]
    embedded, texts = model.images(images), model.texts(classes)
    return Batch(
        labels=torch.from_numpy(data.labels[rows]),
        images=embedded,
        texts=texts,
        regions=model.regions(images, boxes) if regions else embedded[:0],
        image=torch.from_numpy(np.repeat(np.arange(len(rows)), [len(some) for some in chosen])),
        spurious=torch.from_numpy(spurious[np.array(regions, dtype=np.intp)]),
    )
