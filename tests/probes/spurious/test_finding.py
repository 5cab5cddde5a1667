from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from audit.core.dataset import Dataset, Record
from audit.core.image import Image
from audit.core.probe import Plan
from audit.data.absent import absent_image
from probes.spurious.finding import given_boxes
from probes.spurious.scene import NUISANCE, Found, RegionItem

EMPTY = Image.of(np.zeros((8, 8), np.uint8))


def test_boxes_of_a_column() -> None:
    def boxes(text: str) -> tuple[tuple[int, int, int, int], ...]:
        return given_boxes(Record("r", EMPTY, "p", {"regions": text}))

    assert boxes("1 2 3 4; 5,6,7,8") == ((1, 2, 3, 4), (5, 6, 7, 8))
    assert boxes("3 2 1 4; 1 2 3; a b c d; -1 2 3 4; 99999999 1 999999999 2") == ()
    assert given_boxes(Record("r", EMPTY, "p", {})) == ()


def test_a_cluster_is_with_or_without_clinical_meaning_never_both(found: Found) -> None:
    for scene in found.scenes:
        for region, number in zip(scene.regions, scene.clusters, strict=True):
            assert (region.kind in NUISANCE) == found.clusters[number].nuisance


def test_alike_regions_are_together_and_marks_are_told_from_tissue(found: Found) -> None:
    assert found.nuisances
    for scene in found.scenes:
        kinds = [region.kind for region in scene.regions]
        assert kinds.count("user") == (scene.record.labels["site"] == "east")
        assert kinds.count("grid") == 4
    assert sum(sum(cluster.images.values()) for cluster in found.nuisances) == 48


def test_numbers_names_and_counts_belong_together(found: Found) -> None:
    assert [cluster.number for cluster in found.clusters] == list(range(len(found.clusters)))
    assert len({cluster.name for cluster in found.clusters}) == len(found.clusters)
    for cluster in found.clusters:
        having = [scene for scene in found.scenes if scene.places(cluster.number)]
        assert sum(cluster.images.values()) == len(having)
        halves = {half: len({s.record.cluster for s in having if s.half == half}) for half in cluster.patients}
        assert halves == dict(cluster.patients)
    assert found.embeddings.shape[0] == sum(len(scene.regions) for scene in found.scenes)


def test_closeness_is_the_cosine_to_the_medoid_and_medoids_come_from_the_discovery_half(found: Found) -> None:
    place = 0
    best: dict[int, float] = {}
    for scene in found.scenes:
        for near, number in zip(scene.closeness, scene.clusters, strict=True):
            assert near <= 1 + 1e-6
            if scene.half == "discovery":
                best[number] = max(best.get(number, -1.0), near)
            place += 1
    assert best  # each medoid is a region of the discovery half, at no distance from itself
    assert all(near > 1 - 1e-6 for near in best.values())


def test_halves_are_of_patients(found: Found) -> None:
    halves = [scene.half for scene in found.scenes]
    assert abs(halves.count("discovery") - halves.count("estimation")) <= 3
    for name in found.task.classes:
        own = [scene.half for scene in found.scenes if scene.record.labels["finding"] == name]
        assert abs(own.count("discovery") - own.count("estimation")) <= 1


def test_images_without_pixels_are_told(make_plan: Callable[..., Plan], dataset: Dataset) -> None:
    gone = replace(dataset, records=tuple(replace(r, image=absent_image(r.id)) for r in dataset.records))
    plan = make_plan(gone)
    assert plan.requests == ()
    assert "Regions are found in pixels" in plan.skipped[0]


def test_one_unreadable_image_does_not_stop_the_rest(make_plan: Callable[..., Plan], dataset: Dataset) -> None:
    first = replace(dataset.records[0], image=absent_image("gone"))
    plan = make_plan(replace(dataset, records=(first, *dataset.records[1:])))
    assert len(plan.items) == len(dataset.records) - 1
    assert any("1 images cannot be read" in note for note in plan.notes)


def test_images_without_a_region_are_left_out(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan(regions="user")
    assert len(plan.items) == 48
    assert all(isinstance(item, RegionItem) and item.scene is not None for item in plan.items)
    assert any("48 images have no region" in note for note in plan.notes)
