"""What is asked, and that it can be relied on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from audit.core.dataset import Dataset
from audit.core.item import CLEAN
from audit.core.probe import Plan
from audit.data.phantoms import phantoms
from probes.phi.masking.pixels import mask
from probes.phi.page import PageItem
from probes.phi.pictures import covered, elsewhere, everything
from probes.phi.probe import PROBE
from probes.phi.way import Way, way_of

Planner = Callable[..., Plan]


def by_condition(plan: Plan, item: str) -> dict[str, Any]:
    return {request.condition: request for request in plan.requests if request.item.id == item}


def test_every_way_is_asked_of_every_document(plan: Planner) -> None:
    planned = plan(documents=3, radii="0,4", tokens="projector/zero")
    assert len(planned.items) == 3
    asked = {request.condition for request in planned.requests}
    assert {
        "clean",
        "pixel:blur:4",
        "token:projector:zero:1",
        "all:pixel:black:0",
        "random:token:projector:zero:0",
    } <= asked
    assert {"swapped", "swapped:pixel:black:0", "ask:unrelated", "ask:identifiers", "ask:few_shot"} <= asked
    assert len(planned.requests) == 3 * len(asked)


def test_boxes_are_hidden_in_the_pixels_and_nothing_else(plan: Planner) -> None:
    asked = by_condition(plan(documents=1, strategies="black", radii="0", tokens="none"), plan(documents=1).items[0].id)
    page = asked[CLEAN].query.images[0].pixels
    item = asked[CLEAN].item
    shown = asked["pixel:black:0"].query.images[0].pixels
    assert np.array_equal(shown, mask(page, item.page.boxes, "black", 0))
    assert (asked["all:pixel:black:0"].query.images[0].pixels == 0).all()
    moved = asked["random:pixel:black:0"].query.images[0].pixels
    for left, top, right, bottom in item.page.boxes:
        assert np.array_equal(moved[top:bottom, left:right], page[top:bottom, left:right])
    assert (moved != page).any()


def test_tokens_are_hidden_by_the_query_and_the_picture_stays(plan: Planner) -> None:
    planned = plan(documents=1, tokens="block:3/mean", token_radii="0,2", strategies="none")
    asked = by_condition(planned, planned.items[0].id)
    hidden = asked["token:block:3:mean:2"].query.intervention
    item = asked[CLEAN].item
    assert (hidden.layer, hidden.fill, hidden.radius, hidden.pick) == ("block:3", "mean", 2, "boxes")
    assert hidden.boxes == tuple((0, *box) for box in item.page.boxes)
    assert asked["token:block:3:mean:2"].query.images == asked[CLEAN].query.images
    assert asked["random:token:block:3:mean:0"].query.intervention.pick == "random"
    digests = [request.query.digest for request in planned.requests if request.query.intervention is not None]
    assert len(set(digests)) == len(digests)


def test_exchanged_columns_show_the_same_values_on_the_other_side(plan: Planner) -> None:
    planned = plan(documents=1, layouts="billing-statement", tokens="none")
    asked = by_condition(planned, planned.items[0].id)
    own, swapped = asked[CLEAN].item.page, asked["swapped"].item.page
    sides = {one.field: one.column for one in own.identifiers}
    other = {one.field: one.column for one in swapped.identifiers}
    assert {one.field: one.text for one in own.identifiers} == {one.field: one.text for one in swapped.identifiers}
    assert {(sides[name], other[name]) for name in sides} == {("left", "right"), ("right", "left"), ("full", "full")}


def test_the_page_is_where_its_annotation_says(plan: Planner) -> None:
    from probes.phi.documents import document
    from probes.phi.page import page_of

    for index in range(6):
        made = document(3, index)
        values = made.annotation()["values"]
        boxes = {(row["field"], *row["box"]) for row in values}
        page = page_of(made)
        assert {(one.field, *box) for one in page.identifiers for box in one.boxes} == boxes
        assert {one.field: one.text for one in page.identifiers} == {row["field"]: row["value"] for row in values}


def test_the_example_is_another_patient(plan: Planner) -> None:
    for request in plan(documents=4, tokens="none").requests:
        assert isinstance(request.item, PageItem)
        names = {one.text for one in request.item.page.identifiers if one.field == "ssn"}
        assert not names & {one.text for one in request.item.example.identifiers}


def test_as_much_is_hidden_elsewhere_and_meets_no_identifier(plan: Planner) -> None:
    for item in plan(documents=6).items:
        assert isinstance(item, PageItem)
        moved = elsewhere(item.page, 1)
        sizes = {(right - left, bottom - top) for left, top, right, bottom in item.page.boxes}
        assert len(moved) >= 0.9 * len(item.page.boxes)
        assert all((right - left, bottom - top) in sizes for left, top, right, bottom in moved)
        assert not any(covered([box], moved) for box in item.page.boxes)
        assert covered(item.page.boxes, everything(item.page))


@pytest.mark.parametrize(
    ("boxes", "is_covered"),
    [
        ([(0, 0, 10, 10)], True),
        ([(0, 0, 9, 10)], True),
        ([(0, 0, 8, 10)], False),
        ([(0, 0, 5, 10), (5, 0, 10, 10)], True),
        ([], False),
    ],
)
def test_nine_tenths_of_a_place_are_enough(boxes: list[Any], is_covered: bool) -> None:
    assert covered([(0, 0, 10, 10)], boxes) == is_covered


def test_the_plan_depends_on_the_seed_alone(plan: Planner) -> None:
    again = PROBE.plan(Dataset("x", "vqa", ()), PROBE.options({"documents": 3}), np.random.default_rng(0))
    first = plan(documents=3)
    assert [request.place for request in again.requests] == [request.place for request in first.requests]
    assert [item.id for item in plan(seed=1, documents=3).items] != [item.id for item in first.items]


def test_every_condition_is_a_way_or_a_question(plan: Planner) -> None:
    for request in plan(documents=1).requests:
        way = way_of(request.condition)
        assert request.condition.startswith("ask:") if way is None else way.condition == request.condition


def test_images_of_the_data_carry_an_invented_patient(plan: Planner) -> None:
    data = phantoms(8, 1, size=48)
    options = PROBE.options({"documents": 1, "burned_in": 3, "tokens": "none", "strategies": "black", "radii": "0"})
    planned = PROBE.plan(data, options, np.random.default_rng(0))
    items = [item for item in planned.items if item.tags["layout"] == "burned-in"]
    assert len(items) == 3
    clusters = {record.cluster for record in data.records}
    for item in items:
        assert isinstance(item, PageItem)
        assert item.cluster in clusters
        assert item.private
        asked = by_condition(planned, item.id)
        assert not any(way.swapped for name in asked if (way := way_of(name)) is not None)
        drawn, hidden = (asked[name].query.images[0].pixels for name in (CLEAN, "pixel:black:0"))
        for left, top, right, bottom in item.page.boxes:
            assert (hidden[top:bottom, left:right] == 0).all()
            assert drawn[top:bottom, left:right].max() == 255


def test_ink_of_a_burned_in_value_lies_in_its_box() -> None:
    from audit.core.image import Image
    from probes.phi.burned import burned_in

    page, image = burned_in(Image.of(np.full((300, 200), 90, np.uint8)), 1, 2)
    pixels = image.pixels.copy()
    blank = np.full_like(pixels, 90)
    for left, top, right, bottom in page.boxes:
        pixels[top:bottom, left:right] = blank[top:bottom, left:right]
    shown = [one.field for one in page.identifiers]
    assert "patient" in shown
    # what is left of white is the labels', which stand before x = 90 and in the lines of MRN, DOB, Study, Acc and Ref
    rows, columns = np.nonzero((pixels > 200).all(axis=-1))
    assert columns.max() < 90
    assert Way().condition == CLEAN
    assert rows.min() > page.identifiers[0].boxes[0][3] - 10
