"""Pixels: panels, boxes and faults where they are said to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.dataset import Record
from audit.core.image import Image
from probes.medobvious.grids import BOX_WIDTH, Painter, Panel, boxed, fitted, tiled
from probes.medobvious.violations import WORDS, violate

RED = np.array([255, 0, 0])


@given(st.integers(1, 90), st.integers(1, 90))
def test_a_fitted_panel_keeps_its_aspect_and_is_padded_with_black(height: int, width: int) -> None:
    panel = fitted(np.full((height, width, 3), 200, np.uint8), 48)
    assert panel.shape == (48, 48, 3)
    lit = panel.max(axis=2) > 0
    rows, columns = int(lit.any(axis=1).sum()), int(lit.any(axis=0).sum())
    assert max(rows, columns) == 48
    assert rows == max(1, round(48 * height / max(height, width)))
    assert columns == max(1, round(48 * width / max(height, width)))
    top, bottom = np.flatnonzero(lit.any(axis=1))[[0, -1]]
    assert abs(top - (47 - bottom)) <= 1


def test_shrinking_averages_over_the_area() -> None:
    stripes = np.zeros((640, 640, 3), np.uint8)
    stripes[::2] = 200
    assert np.abs(fitted(stripes, 32).astype(int) - 100).max() <= 8


@given(st.integers(2, 5), st.data())
def test_panels_stand_in_reading_order_and_the_box_is_where_it_should_be(n: int, data: st.DataObject) -> None:
    side = 24
    panels = [np.full((side, side, 3), 10 * place + 5, np.uint8) for place in range(n * n)]
    place = data.draw(st.integers(0, n * n - 1))
    grid = tiled(panels, n)
    marked = boxed(grid, n, place)
    for number in range(n * n):
        row, column = divmod(number, n)
        part = marked[row * side : (row + 1) * side, column * side : (column + 1) * side]
        inner = part[BOX_WIDTH:-BOX_WIDTH, BOX_WIDTH:-BOX_WIDTH]
        assert (inner == 10 * number + 5).all()
        border = np.ones((side, side), bool)
        border[BOX_WIDTH:-BOX_WIDTH, BOX_WIDTH:-BOX_WIDTH] = False
        expected = RED if number == place else 10 * number + 5
        assert (part[border] == expected).all()
    assert (boxed(grid, n, None) == grid).all()


@pytest.mark.parametrize("fault", [name for name in WORDS if name != "duplicate"])
@pytest.mark.parametrize("seed", range(4))
def test_faults_show_and_are_repeatable(fault: str, seed: int) -> None:
    y, x = np.mgrid[0:64, 0:64]
    picture = np.clip(40 + 2 * x + y + 60 * ((x - 20) ** 2 + (y - 30) ** 2 < 100), 0, 255).astype(np.uint8)
    panel = np.repeat(picture[:, :, None], 3, axis=2)
    before = panel.copy()
    changed = violate(fault, panel, np.random.default_rng(seed))
    assert changed.shape == panel.shape
    assert changed.dtype == np.uint8
    assert (panel == before).all(), "the panel itself is left alone"
    assert (changed == violate(fault, panel, np.random.default_rng(seed))).all()
    assert np.abs(changed.astype(int) - panel).mean() > 10, "a fault that nobody can see"


def test_faults_do_what_they_are_called() -> None:
    rng = np.random.default_rng(0)
    panel = np.random.default_rng(1).integers(1, 255, (60, 60, 3), dtype=np.uint8)
    assert (violate("mirrored", panel, rng)[:, ::-1] == panel).all()
    assert (violate("inverted", panel, rng) == 255 - panel).all()
    turned = violate("rotated", panel, rng)
    assert any((np.rot90(turned, k) == panel).all() for k in (1, 3))
    kept = (violate("truncated", panel, rng) > 0).all(axis=2).mean()
    assert 0.35 < kept < 0.45


def test_padding_is_not_inverted() -> None:
    panel = np.zeros((60, 60, 3), np.uint8)
    panel[:, 20:40] = 200
    assert (violate("inverted", panel, np.random.default_rng(0))[:, :20] == 0).all()


def test_pictures_are_made_when_they_are_needed_and_each_image_is_read_once_per_grid() -> None:
    reads: list[int] = []

    def reader(index: int):
        def load() -> np.ndarray:
            reads.append(index)
            return np.full((10, 12), 20 * index + 1, np.uint8)

        return load

    records = [Record(str(index), Image(reader(index)), str(index)) for index in range(4)]
    painter = Painter(records, 16)
    panels = [Panel(str(index)) for index in range(4)]
    pictures = [painter.grid(panels, 2), painter.grid(panels, 2, box=3), painter.single(panels[0])]
    assert reads == []
    assert [picture.pixels.shape for picture in pictures] == [(32, 32, 3), (32, 32, 3), (16, 16, 3)]
    assert sorted(reads) == [0, 1, 2, 3]
    assert pictures[0].sha256 != pictures[1].sha256
    assert pictures[0].sha256 == painter.grid(panels, 2).sha256
