"""What a two-tower model makes of images and their regions, without gradients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audit.app.mitigating.regioned import Regioned
from audit.models.clip_towers.trainable import Trainable
from audit.store.asker import Progress, quiet
from probes.spurious.discovery.region_table import RegionTable
from probes.spurious.mitigation.loss import TEMPERATURE

AT_ONCE = 32


def table_of(model: Trainable, data: Regioned, classes: Sequence[str], progress: Progress = quiet) -> RegionTable:
    """The region table of the data: the class whose text is nearest to the image, and for each region a softmax over
    the classes of cosine / 0.07 (RaVL, section 3.1)."""
    import torch

    parts, predictions = [], []
    with torch.inference_mode():
        texts = model.texts(classes)
        for start in range(0, len(data.images), AT_ONCE):
            some = data.images[start : start + AT_ONCE]
            predictions.append((model.images(some) @ texts.T).argmax(dim=1).cpu().numpy())
            parts.append(model.regions(some, data.boxes[start : start + AT_ONCE]))
            progress(min(start + AT_ONCE, len(data.images)), len(data.images))
        regions = torch.cat(parts)
        scores = torch.softmax(regions @ texts.T / TEMPERATURE, dim=-1)
    return RegionTable(
        labels=data.labels,
        predictions=np.concatenate(predictions).astype(np.intp),
        patients=data.patients,
        image=data.image,
        embeddings=regions.float().cpu().numpy(),
        scores=scores.double().cpu().numpy(),
    )
