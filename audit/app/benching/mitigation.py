"""Mitigation on digits: the same fine-tuning with and without the terms of regions, beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.app.benching.setting import LEARNED, Learned, Setting, generator, learned, table_of, torch_seed
from audit.app.benching.training import Contrastive, Loss, read, train
from audit.core.canonical import Json
from probes.spurious.mitigation.loss import Batch, region_aware

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from audit.app.benching.digit_stage import DigitStage
    from audit.app.benching.digits import Scenes
    from probes.spurious.discovery.ravl import KeptCluster
    from probes.spurious.discovery.region_table import RegionTable

JUDGED = 2000
"""Images of held-out digits on which groups of class and square are compared: about a hundred in each."""


def tried_mitigation(stage: DigitStage, setting: Setting, seed: int) -> dict[str, Json]:
    """Fine-tune as ever; where the correlation was learned and discovery keeps a region cluster, fine-tune the
    pre-trained model once more on the same images with the region-aware loss against that cluster: one plain row.

    Discovery knows nothing of squares; what it names is what is pushed away. The groups that are compared are the true
    ones, class by square, on images of digits that nothing was trained on.
    """
    import torch

    from probes.spurious.discovery.ravl import ravl

    torch.set_num_threads(1)
    tuned, rng = stage.tuned(setting), generator(seed, "mitigate", setting.name)
    judged = stage.halved("evaluate", JUDGED, rng)
    before = _standing(tuned, judged, setting.target)
    row: dict[str, Json] = {"name": setting.name, **vars(setting), "before": before.plain(), "counts": False}
    if before.told.rise < LEARNED:
        return row
    searched = stage.halved("evaluate", stage.sizes.evaluate, rng)
    search = rng.spawn(2)
    table = _seen(tuned, searched)
    found = ravl(table, search[0])
    row |= {"counts": True, "found": bool(found.kept)}
    if found.clustering is None or not found.kept:
        return row
    first = found.kept[0]
    scenes = stage.tuning_scenes(setting)
    spurious = _members(tuned, scenes, table.embeddings[found.clustering.medoids], first.region_cluster)
    model = stage.pretrained(setting)
    train(
        model,
        scenes.pixels,
        scenes.labels,
        stage.sizes.finetune_epochs,
        torch_seed(stage.seed, setting.name),
        against(spurious),
    )
    again = ravl(_seen(model, searched), search[1])
    return row | {
        "of_the_square": round(float(scenes.holds[spurious].mean()), 4) if spurious.any() else 0.0,
        "square_in_it": round(float(spurious[scenes.holds].mean()), 4),
        "after": _standing(model, judged, setting.target).plain(),
        "still_found": still(again.kept, first, len(table.image)),
    }


def against(spurious: NDArray[np.bool_]) -> Loss:
    """The region-aware loss where `spurious` (N, m) says which regions of which image lie in the region cluster."""
    import torch

    flags = torch.from_numpy(spurious)

    def loss(model: Contrastive, inputs: Tensor, labels: Tensor, rows: Tensor) -> Tensor:
        images, regions = model.embedded(inputs)
        count, each = regions.shape[:2]
        image = torch.arange(count).repeat_interleave(each)
        batch = Batch(labels, images, model.texts(), regions.flatten(0, 1), image, flags[rows].flatten())
        return region_aware(batch)["total"]

    return loss


def still(kept: tuple[KeptCluster, ...], before: KeptCluster, count: int) -> bool:
    """Whether a kept cluster is the one of before: a Jaccard index of at least 0.5 (Hennig 2007)."""
    import numpy as np

    def rows(one: KeptCluster) -> Any:
        return np.isin(np.arange(count), one.regions)

    own = rows(before)
    return any((rows(one) & own).sum() >= 0.5 * (rows(one) | own).sum() for one in kept)


@dataclass(frozen=True)
class _Stood:
    """Accuracy over all images, of the worst group of class and square, and what was learned."""

    overall: float
    worst: float
    told: Learned

    def plain(self) -> dict[str, Json]:
        """As plain data."""
        return {"accuracy": round(self.overall, 4), "worst_group": round(self.worst, 4), **self.told.plain()}


def _standing(model: Contrastive, scenes: Scenes, target: int) -> _Stood:
    import numpy as np

    said = read(model, scenes.pixels).predictions
    right = said == scenes.labels
    groups = [
        float(right[(scenes.labels == label) & (scenes.has == has)].mean())
        for label in np.unique(scenes.labels)
        for has in (False, True)
    ]
    return _Stood(float(right.mean()), min(groups), learned(scenes.labels, said, scenes.has, target))


def _seen(model: Contrastive, scenes: Scenes) -> RegionTable:
    return table_of(read(model, scenes.pixels), scenes.labels, scenes.source)


def _members(
    model: Contrastive, scenes: Scenes, medoids: NDArray[np.float32], region_cluster: int
) -> NDArray[np.bool_]:
    """(N, 4): which quadrants are nearest to the medoid of the region cluster."""
    from probes.spurious.discovery.clustering import assign

    table = _seen(model, scenes)
    member: NDArray[np.bool_] = assign(table.embeddings, medoids) == region_cluster
    return member.reshape(len(scenes.labels), -1)
