from __future__ import annotations

import pytest

from audit.core.item import Request
from audit.core.probe import Plan
from probes.spurious.conditions import crop_place, parted
from probes.spurious.flaws import FLAWS, fragile, marker_follower, paste_follower
from probes.spurious.scene import RegionItem


def scene_of(request: Request) -> tuple[bool, str]:
    item = request.item
    assert isinstance(item, RegionItem)
    assert item.scene is not None
    assert item.found is not None
    mark = item.found.nuisances[0]
    return bool(item.scene.places(mark.number)), mark.name


def test_the_marker_follower_goes_by_what_is_in_sight(plan: Plan) -> None:
    seen = set()
    for request in plan.requests:
        marked, name = scene_of(request)
        says = marker_follower(request) == request.query.options[1].label
        part = parted(request.condition)
        if crop_place(request.condition) is None:
            there = marked if part is None or part[1] != name or part[2] else part[0] == "pasted"
            assert says == there
            seen.add((part is not None, there))
    assert seen == {(False, True), (False, False), (True, True), (True, False)}


def test_the_paste_follower_is_right_but_for_pastes(plan: Plan) -> None:
    for request in plan.requests:
        part = parted(request.condition)
        fooled = part is not None and part[0] == "pasted" and not part[2]
        assert (paste_follower(request) == request.item.target) == (not fooled)


def test_the_fragile_one_errs_on_every_change(plan: Plan) -> None:
    for request in plan.requests:
        assert (fragile(request) == request.item.target) == (parted(request.condition) is None)


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.name)
def test_what_is_said_is_offered(flaw: object, plan: Plan) -> None:
    answer = flaw.answer  # type: ignore[attr-defined]
    for request in plan.requests:
        assert answer(request) in {option.label for option in request.query.options}
