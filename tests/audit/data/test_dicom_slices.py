"""Which slices are looked at."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from audit.data.dicom_slices import SliceOrder, evenly, pick_rule, picked, slice_order
from audit.data.options import LoadOptions


@given(st.integers(1, 400), st.integers(1, 400))
def test_slices_are_distinct_inside_and_evenly_apart(total: int, count: int) -> None:
    found = evenly(total, count)
    assert len(found) == len(set(found)) == min(total, count)
    assert found[0] >= 0
    assert found[-1] < total
    if len(found) > 1:
        gaps = [later - first for first, later in itertools.pairwise(found)]
        assert max(gaps) - min(gaps) <= 1
        assert abs(found[0] - (total - 1 - found[-1])) <= 1, "as much is left out at both ends"


@pytest.mark.parametrize(("total", "middle"), [(1, 0), (2, 1), (3, 1), (30, 15)])
def test_one_is_the_middle(total: int, middle: int) -> None:
    assert evenly(total, 1) == (middle,)
    assert evenly(total, None) == tuple(range(total))


def test_the_middle_of_a_stack_goes_by_position_not_by_name_or_number() -> None:
    order = [SliceOrder(("s", ""), position=float(z), instance=float(-z % 7)) for z in range(9)]
    random.Random(1).shuffle(order)
    (place,) = picked(order, LoadOptions())
    assert order[place].position == 4


def test_without_positions_the_instance_number_decides_and_without_either_all_are_kept() -> None:
    numbered = [SliceOrder(("s", ""), None, float(n)) for n in (5, 1, 3)]
    assert picked(numbered, LoadOptions()) == [2]
    unordered = [SliceOrder(("s", ""), None, 1.0), SliceOrder(("s", ""), None, 1.0)]
    assert picked(unordered, LoadOptions()) == [0, 1]
    assert picked([SliceOrder(), SliceOrder()], LoadOptions()) == [0, 1]


def test_series_and_orientations_are_picked_apart() -> None:
    orders = [SliceOrder((series, turned), float(z), None) for series in "ab" for turned in "12" for z in range(3)]
    assert picked(orders, LoadOptions()) == [1, 4, 7, 10]
    assert picked(orders, LoadOptions(pick="all")) == list(range(12))
    assert len(picked(orders, LoadOptions(pick="2"))) == 8


def test_radiographs_of_one_series_are_no_stack() -> None:
    header = Dataset()
    header.SeriesInstanceUID, header.InstanceNumber, header.Modality = "1.2", 3, "DX"
    assert slice_order(header) == SliceOrder()
    header.Modality = "CT"
    header.ImagePositionPatient, header.ImageOrientationPatient = [1, 2, 30], [1, 0, 0, 0, 1, 0]
    assert slice_order(header).position == 30


def test_the_rule_names_the_pick() -> None:
    assert "middle" in pick_rule(LoadOptions())
    assert "All" in pick_rule(LoadOptions(pick="all"))
    assert "7 at equal distances" in pick_rule(LoadOptions(pick="7"))
