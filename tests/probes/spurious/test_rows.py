from __future__ import annotations

from collections.abc import Callable

import numpy as np

from audit.core.dataset import Dataset
from audit.core.item import CLEAN
from audit.core.probe import Plan
from probes.spurious.conditions import crop_place
from probes.spurious.scene import Found, RegionItem


def test_every_image_is_asked_about_as_it_is(plan: Plan, dataset: Dataset) -> None:
    clean = [request for request in plan.requests if request.condition == CLEAN]
    assert [request.item.id for request in clean] == [record.id for record in dataset.records]
    classes = clean[0].item.tags["classes"].split("|")
    for request, record in zip(clean, dataset.records, strict=True):
        assert request.item.cluster == record.cluster
        assert classes["ABC".index(request.item.target)] == record.labels["finding"] == request.item.tags["class"]


def test_tags_hold_what_judging_needs(plan: Plan, found: Found) -> None:
    for item in plan.items:
        assert isinstance(item, RegionItem)
        assert item.scene is not None
        names = [found.clusters[number].name for number in item.scene.clusters]
        assert item.tags["regions"].split() == names
        assert item.tags["half"] == item.scene.half


def test_regions_by_themselves_of_as_many_images_as_asked_for(plan: Plan) -> None:
    crops: dict[str, list[int]] = {}
    for request in plan.requests:
        place, item = crop_place(request.condition), request.item
        if place is not None and isinstance(item, RegionItem) and item.scene is not None:
            crops.setdefault(item.id, []).append(place)
            left, top, right, bottom = item.scene.regions[place].box
            shown = request.query.images[0].pixels
            assert shown.shape[0] >= min(bottom - top, 16)
            assert shown.shape[1] >= min(right - left, 16)
    assert len(crops) == 30
    by_id = {item.id: item for item in plan.items}
    assert all(sorted(crops[name]) == list(range(len(by_id[name].scene.regions))) for name in crops)  # type: ignore[attr-defined]


def test_no_crops(make_plan: Callable[..., Plan]) -> None:
    assert not any(crop_place(request.condition) is not None for request in make_plan(crops=0).requests)


def test_the_same_question_of_all(plan: Plan) -> None:
    assert len({request.query.text for request in plan.requests}) == 1
    assert len({request.query.options for request in plan.requests}) == 1
    assert np.all([len(request.query.images) == 1 for request in plan.requests])
