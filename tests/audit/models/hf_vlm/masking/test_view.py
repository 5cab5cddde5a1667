"""Views: exact arithmetic of boxes and cells, against pixels moved about by numpy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audit.models.hf_vlm.masking.view import Axis, View

lengths = st.integers(1, 60)


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    """An axis that has been resized, padded and cropped."""
    axis = Axis.of(draw(lengths))
    for _ in range(draw(st.integers(0, 3))):
        step = draw(st.sampled_from(["resized", "centred", "padded"]))
        length = draw(st.integers(axis.length if step == "padded" else 1, 80))
        axis = getattr(axis, step)(length)
    return axis


@given(length=lengths, to=lengths)
def test_a_centre_crop_or_padding_as_pixels(length: int, to: int) -> None:
    """The pixel at `start` of the crop is pixel `start - shift` of the picture."""
    pixels = np.arange(length)
    before = max(-((length - to) // 2), 0)
    padded = np.pad(pixels, (before, max(to - length - before, 0)), constant_values=-1)
    start = max((length - to) // 2, 0)
    expected = padded[start : start + to]
    shift = Axis.of(length).centred(to).shift
    found = [x - shift if 0 <= x - shift < length else -1 for x in range(to)]
    assert found == expected.tolist()


@given(length=lengths, by=st.integers(1, 9))
def test_whole_factors_move_pixels_to_blocks(length: int, by: int) -> None:
    axis = Axis.of(length).resized(length * by)
    assert axis.scale * 5 + axis.shift == 5 * by
    assert axis.back(5 * by) == 5


@given(axis=axes(), low=st.integers(0, 60), size=st.integers(1, 30), side=st.integers(1, 20), radius=st.integers(0, 3))
def test_a_cell_is_met_where_open_intervals_overlap(axis: Axis, low: int, size: int, side: int, radius: int) -> None:
    start, end = (axis.scale * place + axis.shift for place in (low, low + size))
    # grown to whole cells first, then by the radius: the cells within `radius` of one that is met
    first, last = start // side, -(-end // side) - 1
    expected = [cell for cell in range(axis.length // side) if cell + radius >= first and cell - radius <= last]
    met = axis.met(low, low + size, side, radius)
    assert list(range(axis.length // side))[met] == expected
    if radius == 0:
        touching = [
            cell
            for cell in range(axis.length // side)
            if Fraction(cell * side) < end and start < Fraction((cell + 1) * side)
        ]
        assert expected == touching


@given(rows=st.integers(1, 9), columns=st.integers(1, 9), block=st.integers(1, 5), inner=st.integers(1, 3))
def test_tokens_stand_block_by_block(rows: int, columns: int, block: int, inner: int) -> None:
    """Blocks at the right and bottom may be smaller; the order is that of nested loops."""
    block *= inner
    view = View(Axis.of(columns * 4), Axis.of(rows * 4), 4, (block, inner))

    def walk(top: int, left: int, bottom: int, right: int, steps: tuple[int, ...]) -> list[tuple[int, int]]:
        if not steps:
            return [(row, column) for row in range(top, bottom) for column in range(left, right)]
        return [
            place
            for row in range(top, bottom, steps[0])
            for column in range(left, right, steps[0])
            for place in walk(row, column, min(row + steps[0], bottom), min(column + steps[0], right), steps[1:])
        ]

    assert [tuple(place) for place in view.places.tolist()] == walk(0, 0, rows, columns, (block, inner))


@given(across=axes(), down=axes(), side=st.integers(1, 9))
def test_a_cell_meets_its_own_rectangle_and_no_other(across: Axis, down: Axis, side: int) -> None:
    view = View(across, down, side)
    rows, columns = view.shape
    if not (rows and columns):
        return
    left, top, right, bottom = view.rectangle(rows - 1, columns - 1)
    assert across.scale * Fraction(left) + across.shift - (columns - 1) * side < 1e-6
    assert abs(float(across.scale * Fraction(right) + across.shift) - columns * side) < 1e-6
    assert abs(float(down.scale * Fraction(top) + down.shift) - (rows - 1) * side) < 1e-6
    assert abs(float(down.scale * Fraction(bottom) + down.shift) - rows * side) < 1e-6
