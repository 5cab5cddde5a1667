"""From region clusters to requests: every image as it is, its regions by themselves, and changed images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from audit.core.item import CLEAN, Request
from probes.spurious.conditions import crop_condition
from probes.spurious.config import Options
from probes.spurious.counterfactuals import counterfactuals
from probes.spurious.regions.edit import crop
from probes.spurious.scene import Found, RegionItem, Scene

if TYPE_CHECKING:
    import numpy as np

MIX = "view"
"""What accuracy with and without a region is held equal in: another view shows other regions and may be harder."""


def requests_of(found: Found, options: Options, rng: np.random.Generator) -> Iterator[Request]:
    """All requests. Which images have their regions asked about is drawn by chance, from both halves alike."""
    items = {scene.record.id: _item(found, scene) for scene in found.scenes}
    for item in items.values():
        yield Request(item, item.query, CLEAN)
    order = rng.permutation(len(found.scenes))[: options.crops]
    for place in sorted(int(one) for one in order):
        scene = found.scenes[place]
        for number, region in enumerate(scene.regions):
            query = found.task.query(crop(scene.record.image, region.box))
            yield Request(items[scene.record.id], query, crop_condition(number))
    for changed in counterfactuals(found, options, rng):
        yield Request(items[changed.scene.record.id], found.task.query(changed.image), changed.condition)


def _item(found: Found, scene: Scene) -> RegionItem:
    task, record = found.task, scene.record
    tags = {
        "class": record.labels[task.label],
        "classes": "|".join(task.classes),
        "half": scene.half,
        "regions": " ".join(found.clusters[number].name for number in scene.clusters),
        **({"mix": record.labels[MIX]} if MIX in record.labels and task.label != MIX else {}),
    }
    target = task.options[task.class_of(record)].label
    return RegionItem(record.id, record.cluster, task.query(record.image), target, tags, scene=scene, found=found)
