"""What a two-tower model makes of images and of their regions, without gradients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from audit.app.mitigating.regioned import Regioned
from audit.core.image import Image
from audit.core.model import Encoder
from audit.models.clip_towers.trainable import Trainable
from audit.store.asker import Progress, quiet
from probes.spurious.discovery.region_table import RegionTable
from probes.spurious.mitigation.loss import TEMPERATURE
from probes.spurious.regions.edit import crop

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

AT_ONCE = 32


def table_of(
    model: Trainable,
    data: Regioned,
    classes: Sequence[str],
    encoder: Encoder | None = None,
    progress: Progress = quiet,
) -> RegionTable:
    """The region table of the data. Regions are cropped, as in the paper; a class score is the softmax over the classes
    of cosine / 0.07 (RaVL, section 3.1). They are clustered by the model's own embeddings of the crops, or by those of
    `encoder`, which does not learn to see a feature as the class that it goes with."""
    import torch

    with torch.inference_mode():
        texts = model.texts(classes)
        images = _embedded(model, data.images, progress)
        regions = _embedded(model, list(_crops(data)), progress)
        scores = torch.softmax(regions @ texts.T / TEMPERATURE, dim=-1)
        predictions = (images @ texts.T).argmax(dim=1)
    own: NDArray[np.float32] = regions.float().cpu().numpy()
    return RegionTable(
        labels=data.labels,
        predictions=predictions.cpu().numpy().astype(np.intp),
        patients=data.patients,
        image=data.image,
        embeddings=own if encoder is None else encoder.embed_images(list(_crops(data))),
        scores=scores.double().cpu().numpy(),
    )


def _crops(data: Regioned) -> Iterator[Image]:
    """Every region as an image; those of one image share its pixels, read once."""
    for image, boxes in zip(data.images, data.boxes, strict=True):
        held = Image.of(image.pixels) if boxes else image
        yield from (crop(held, box) for box in boxes)


def _embedded(model: Trainable, images: Sequence[Image], progress: Progress) -> Tensor:
    import torch

    parts = []
    for start in range(0, len(images), AT_ONCE):
        parts.append(model.images(images[start : start + AT_ONCE]))
        progress(min(start + AT_ONCE, len(images)), len(images))
    return torch.cat(parts)
