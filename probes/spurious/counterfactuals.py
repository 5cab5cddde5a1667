"""Images with the regions of a cluster taken out or put in, each beside a control that changes as much elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.core.image import Image
from audit.core.reading import Box
from probes.spurious.conditions import edited
from probes.spurious.config import Options
from probes.spurious.regions.edit import crop, elsewhere, pasted, placed, removed
from probes.spurious.scene import Found, Half, RegionCluster, Scene

if TYPE_CHECKING:
    import numpy as np

ENOUGH = 12
"""Patients of each half that must have a region of the cluster."""
DONORS = 12
"""Patches come from the regions nearest to the medoid."""


@dataclass(frozen=True)
class Counterfactual:
    """A changed image of a scene, and the condition that it is asked under."""

    scene: Scene
    image: Image
    condition: str


def counterfactuals(found: Found, options: Options, rng: np.random.Generator) -> Iterator[Counterfactual]:
    """All changed images. Regions are removed on both halves for clusters without clinical meaning (so that the worst
    one can be chosen on one half and judged on the other), and pasted on the estimation half; for other clusters
    regions are removed on the estimation half. Each comes with its control, except where a removal only serves to
    choose."""
    for cluster in found.clusters:
        if min(cluster.patients.values()) < ENOUGH:
            continue
        budget = options.budget if cluster.nuisance else options.exploratory
        yield from _removals(found, cluster, "estimation", budget, options.fill, rng)
        if cluster.nuisance:
            yield from _removals(found, cluster, "discovery", budget, options.fill, rng)
            yield from _pastes(found, cluster, budget, rng)


def too_rare(found: Found) -> tuple[RegionCluster, ...]:
    """Clusters that nothing is changed for: too few patients have such a region."""
    return tuple(cluster for cluster in found.clusters if min(cluster.patients.values()) < ENOUGH)


def _removals(
    found: Found, cluster: RegionCluster, half: Half, budget: int, fill: str, rng: np.random.Generator
) -> Iterator[Counterfactual]:
    able = [scene for scene in found.scenes if scene.half == half and scene.places(cluster.number)]
    made = 0
    for place in rng.permutation(len(able)):
        if made == budget:
            return
        scene = able[place]
        boxes = scene.boxes(cluster.number)
        others = _others(scene, boxes, rng)
        if others is None:
            continue
        made += 1
        image = scene.record.image
        yield Counterfactual(scene, removed(image, boxes, fill), edited("removed", cluster.name))
        if half == "estimation":
            yield Counterfactual(scene, removed(image, others, fill), edited("removed", cluster.name, control=True))


def _others(scene: Scene, boxes: Sequence[Box], rng: np.random.Generator) -> tuple[Box, ...] | None:
    """Boxes of the same sizes at random places that meet neither these nor anything without clinical meaning; None
    where the image has no room."""
    taken: list[Box] = [*boxes, *scene.marked]
    drawn: list[Box] = []
    for box in boxes:
        other = elsewhere(scene.size, box, taken, rng)
        if other is None:
            return None
        drawn.append(other)
        taken.append(other)
    return tuple(drawn)


def _pastes(found: Found, cluster: RegionCluster, budget: int, rng: np.random.Generator) -> Iterator[Counterfactual]:
    """A region of the cluster put into images of other classes that have none, at the place where it was."""
    here = [scene for scene in found.scenes if scene.half == "estimation"]
    donors = _donors(here, cluster.number)
    label = found.task.label
    hosts = [scene for scene in here if not scene.places(cluster.number)]
    made = 0
    for place in rng.permutation(len(hosts)):
        if made == budget:
            return
        host = hosts[place]
        able = [pair for pair in donors if pair[0].record.labels[label] != host.record.labels[label]]
        if not able:
            continue
        donor, box = able[int(rng.integers(len(able)))]
        other = elsewhere(donor.size, box, donor.marked, rng)
        if other is None:
            continue
        made += 1
        at = placed(box, donor.size, host.size)
        for source, control in ((box, False), (other, True)):
            patch = crop(donor.record.image, source, least=1)
            image = pasted(host.record.image, patch, at)
            yield Counterfactual(host, image, edited("pasted", cluster.name, control=control))


def _donors(scenes: Sequence[Scene], number: int) -> list[tuple[Scene, Box]]:
    """The regions nearest to the medoid, one of an image."""
    best = [
        (max(scene.places(number), key=lambda place, scene=scene: scene.closeness[place]), scene)  # type: ignore[misc]
        for scene in scenes
        if scene.places(number)
    ]
    ordered = sorted(best, key=lambda pair: (-pair[1].closeness[pair[0]], pair[1].record.id))
    return [(scene, scene.regions[place].box) for place, scene in ordered[:DONORS]]
