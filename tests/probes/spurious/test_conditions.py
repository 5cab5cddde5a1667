from __future__ import annotations

import pytest

from probes.spurious.conditions import (
    EDITS,
    WORST,
    Edit,
    crop_condition,
    crop_place,
    edited,
    edits_among,
    flip,
    is_changed,
    is_nuisance,
    parted,
)


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("control", [False, True])
def test_what_was_done_can_be_read_back(edit: Edit, control: bool) -> None:
    assert parted(edited(edit, "mark-3", control=control)) == (edit, "mark-3", control)


@pytest.mark.parametrize("name", ["clean", "removed:", "removed", "removed:mark-1:other", WORST, "shuffled", "crop:1"])
def test_other_conditions_are_no_edit(name: str) -> None:
    assert parted(name) is None
    assert parted(flip(edited("removed", "mark-1"))) is None


def test_regions_by_themselves() -> None:
    assert crop_place(crop_condition(7)) == 7
    assert crop_place("crop:") is None
    assert crop_place("clean") is None


def test_what_changes_the_image() -> None:
    assert is_changed("crop:0")
    assert is_changed("pasted:text-1:random")
    assert not is_changed("clean")
    assert not is_changed("neutral")


def test_meaning_is_read_from_the_name() -> None:
    assert is_nuisance("mark-12")
    assert is_nuisance("text-1")
    assert is_nuisance("user-1")
    assert not is_nuisance("grid-1")
    assert not is_nuisance("superpixel-2")


def test_edits_in_order_once() -> None:
    names = ["clean", "removed:b-1", "removed:b-1:random", "crop:1", "pasted:a-1", "removed:b-1"]
    assert edits_among(names) == (("removed", "b-1"), ("pasted", "a-1"))
