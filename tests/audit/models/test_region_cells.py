"""Regions as tokens: every box meets the cells that it overlaps, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from audit.core.image import Image
from audit.core.reading import Box
from audit.models.hf_vlm.masking.view import Axis, View
from audit.models.region_cells import cells_met, in_region_batches, unit_rows


@given(
    size=st.tuples(st.integers(8, 200), st.integers(8, 200)),
    shown=st.tuples(st.integers(2, 12), st.integers(2, 12)),
    ends=st.tuples(*[st.floats(0, 1)] * 4),
)
def test_a_cell_is_met_where_its_rectangle_and_the_box_overlap(
    size: tuple[int, int], shown: tuple[int, int], ends: tuple[float, float, float, float]
) -> None:
    side = 7
    view = View(*(Axis.of(length).resized(n * side) for length, n in zip(size, shown, strict=True)), side)
    left, right = sorted((int(ends[0] * (size[0] - 1)), int(ends[1] * size[0])))
    top, bottom = sorted((int(ends[2] * (size[1] - 1)), int(ends[3] * size[1])))
    box = (left, top, max(right, left + 1), max(bottom, top + 1))
    (met,) = cells_met((view,), [box])
    for number, (row, column) in enumerate(view.places):
        cell = view.rectangle(int(row), int(column))
        overlap = min(cell[2], box[2]) - max(cell[0], box[0]), min(cell[3], box[3]) - max(cell[1], box[1])
        if min(overlap) > 1e-9 or min(overlap) < -1e-9:  # at the very edge rounding decides
            assert met[number] == (min(overlap) > 0)


def test_the_whole_image_meets_every_cell_and_no_box_gives_no_row() -> None:
    view = View(Axis.of(30).resized(28), Axis.of(17).resized(28), 14)
    assert cells_met((view, view), [(0, 0, 30, 17)]).tolist() == [[True] * 8]
    assert cells_met((view,), []).shape == (0, 4)


def _first(images: Sequence[Image], boxes: Sequence[Sequence[Box]]) -> NDArray[np.float32]:
    pairs = [(image, box) for image, several in zip(images, boxes, strict=True) for box in several]
    return np.array([[image.pixels[0, 0], box[2] - box[0]] for image, box in pairs], dtype=np.float32)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_images_are_read_once_and_those_without_a_region_never(size: int) -> None:
    read: list[int] = []

    def image(value: int) -> Image:
        def load() -> NDArray[np.uint8]:
            read.append(value)
            return np.full((4, 6), value, dtype=np.uint8)

        return Image(load)

    boxes = [[(0, 0, 6, 4), (0, 0, 3, 2)], [], [(1, 1, 2, 3)]]
    rows = in_region_batches(_first, [image(3), image(5), image(7)], boxes, size)
    assert read == [3, 7]
    assert rows == pytest.approx(unit_rows(np.array([[3, 6], [3, 3], [7, 1]], dtype=np.float32)))


@pytest.mark.parametrize(
    ("boxes", "told"),
    [
        ([[(0, 0, 7, 4)]], "6 x 4"),
        ([[(2, 0, 2, 4)]], "inside"),
        ([[(-1, 0, 2, 4)]], "inside"),
        ([[]], "none"),
        ([], "lists"),
    ],
)
def test_boxes_that_are_none_are_refused(boxes: list[list[Box]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        in_region_batches(_first, [Image.of(np.zeros((4, 6), dtype=np.uint8))], boxes, 2)


def test_a_row_without_numbers_stays_one() -> None:
    rows = unit_rows(np.array([[3.0, 4.0], [np.nan, np.nan]]))
    assert rows[0] == pytest.approx([0.6, 0.8])
    assert np.isnan(rows[1]).all()
    assert rows.dtype == np.float32
