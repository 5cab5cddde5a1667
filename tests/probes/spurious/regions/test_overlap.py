"""Overlap of boxes, against counting pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.reading import Box
from probes.spurious.regions.overlap import area, around, clipped, distinct, iou, shared
from probes.spurious.regions.region import Region

BOXES = st.tuples(st.integers(0, 18), st.integers(0, 18), st.integers(1, 12), st.integers(1, 12)).map(
    lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
)


def pixels(box: Box) -> np.ndarray:
    canvas = np.zeros((32, 32), bool)
    canvas[box[1] : box[3], box[0] : box[2]] = True
    return canvas


@given(one=BOXES, other=BOXES)
def test_overlap_is_a_count_of_pixels(one: Box, other: Box) -> None:
    here, there = pixels(one), pixels(other)
    assert area(one) == here.sum()
    assert shared(one, other) == (here & there).sum()
    assert iou(one, other) == pytest.approx((here & there).sum() / (here | there).sum())
    both = around([one, other])
    assert (pixels(both) >= (here | there)).all()
    rows, columns = np.nonzero(here | there)
    assert both == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@given(boxes=st.lists(BOXES, max_size=12))
def test_of_regions_that_say_the_same_the_first_stays(boxes: list[Box]) -> None:
    regions = [Region(box, "user") for box in boxes]
    kept = distinct(regions, 0.5)
    assert all(iou(a.box, b.box) < 0.5 for place, a in enumerate(kept) for b in kept[:place])
    for region in regions:
        assert region in kept or any(iou(region.box, other.box) >= 0.5 for other in kept)
    assert [region for region in regions if region in kept][:1] == regions[:1]


def test_a_box_is_cut_at_the_border_of_the_image() -> None:
    assert clipped((-3, 2, 50, 9), 20, 8) == (0, 2, 20, 8)
    assert clipped((20, 0, 25, 5), 20, 8) is None
