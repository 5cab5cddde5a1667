from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from audit.core.item import Request
from audit.core.probe import Plan
from probes.spurious.conditions import edited, is_nuisance, parted
from probes.spurious.counterfactuals import ENOUGH, too_rare
from probes.spurious.scene import Found, RegionItem, Scene


def changed(plan: Plan) -> list[tuple[str, str, bool, Request, Scene]]:
    made = []
    for request in plan.requests:
        part, item = parted(request.condition), request.item
        if part is not None and isinstance(item, RegionItem) and item.scene is not None:
            made.append((*part, request, item.scene))
    return made


def differs(request: Request) -> np.ndarray:
    before, after = request.item.query.images[0].pixels, request.query.images[0].pixels
    where: np.ndarray = before != after
    return where


def test_removal_and_control_change_as_much_at_other_places(plan: Plan, found: Found) -> None:
    numbers = {cluster.name: cluster.number for cluster in found.clusters}
    pairs = 0
    controls = {r.item.id + n: r for e, n, c, r, _ in changed(plan) if e == "removed" and c}
    for edit, name, control, request, scene in changed(plan):
        if edit != "removed" or control or scene.half != "estimation":
            continue
        own, other = differs(request), differs(controls[request.item.id + name])
        for left, top, right, bottom in scene.boxes(numbers[name]):
            assert own[top:bottom, left:right].mean() > 0.9
            assert not other[top + 1 : bottom - 1, left + 1 : right - 1].any()
        if is_nuisance(name):
            assert abs(own.sum() - other.sum()) < 0.5 * own.sum()
        pairs += 1
    assert pairs > 10


def test_marks_are_removed_on_both_halves_and_the_rest_on_one(plan: Plan) -> None:
    seen = {(edit, is_nuisance(name), control, scene.half) for edit, name, control, _, scene in changed(plan)}
    assert ("removed", True, False, "discovery") in seen
    assert ("removed", True, True, "discovery") not in seen  # that half only chooses
    assert ("removed", False, False, "discovery") not in seen
    assert not any(edit == "pasted" and (not nuisance or half == "discovery") for edit, nuisance, _, half in seen)
    assert ("pasted", True, True, "estimation") in seen


def test_what_is_pasted_comes_from_another_class_into_images_that_have_none(plan: Plan, found: Found) -> None:
    numbers = {cluster.name: cluster.number for cluster in found.clusters}
    count = 0
    for edit, name, control, request, scene in changed(plan):
        if edit == "pasted":
            assert not scene.places(numbers[name])
            inside = request.query.images[0].pixels[3:11, 3:11]
            assert (inside.mean() > 200) != control  # the bright square, or a patch of tissue
            assert not differs(request)[14:, 14:].any()
            count += 1
    assert count > 10


def test_the_budget_is_kept(plan: Plan, make_plan: Callable[..., Plan]) -> None:
    counts = Counter((edit, name, control, scene.half) for edit, name, control, _, scene in changed(plan))
    assert set(counts.values()) <= set(range(13))
    assert max(counts.values()) == 12
    assert not changed(make_plan(budget=0, exploratory=0))


def test_rare_clusters_are_left_alone_and_told(plan: Plan, found: Found) -> None:
    rare = {cluster.name for cluster in too_rare(found)}
    assert rare == {c.name for c in found.clusters if min(c.patients.values()) < ENOUGH}
    assert not rare & {name for _, name, _, _, _ in changed(plan)}
    assert all(any(name in told for told in plan.skipped) for name in rare)


def test_every_control_stands_beside_its_own(plan: Plan) -> None:
    places = {(request.condition, request.item.id) for *_, request, _ in changed(plan)}
    for edit, name, control, request, scene in changed(plan):
        if scene.half == "estimation":
            assert (edited(edit, name, control=not control), request.item.id) in places  # type: ignore[arg-type]
