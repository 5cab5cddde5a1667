"""Boxes cover the ink of their value, all of it, and little else."""

from __future__ import annotations

import math

import numpy as np
import pytest

from probes.phi.documents import LAYOUTS, Document, Look, document
from probes.phi.documents.paint import placed, scan


def tilted(layout: str, degrees: float, dpi: int = 100) -> Document:
    page = document(6, 2, layout, Look(dpi=dpi, noise=0, rotation=0))
    page.__dict__["degrees"] = degrees  # a cached property: the tilt is prescribed instead of drawn
    return page


def ink(page: Document, whole: np.ndarray, chosen: object) -> tuple[np.ndarray, np.ndarray]:
    """x and y of the pixels that change when one word is left out."""
    y, x = np.nonzero(page.pixels(lambda word: word is not chosen) != whole)
    return x, y


def upright(x: np.ndarray, y: np.ndarray, degrees: float, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Turn points of the tilted page back about its centre."""
    turn, dx, dy = math.radians(degrees), x - size[0] / 2, y - size[1] / 2
    u = math.cos(turn) * dx - math.sin(turn) * dy + size[0] / 2
    return u, math.sin(turn) * dx + math.cos(turn) * dy + size[1] / 2


@pytest.mark.parametrize("degrees", [0.0, 1.5, -4.0])
@pytest.mark.parametrize("layout", tuple(LAYOUTS))
def test_every_changed_pixel_lies_in_the_box_and_the_box_is_tight(layout: str, degrees: float) -> None:
    page = tilted(layout, degrees)
    whole, size = page.pixels(), page.size
    for word in page.sheet.words:
        if word.value is None:
            continue
        (x0, y0, x1, y1), polygon = placed(word.box, degrees, size)
        x, y = ink(page, whole, word)
        assert len(x) > 0, word
        assert (x0 <= x.min(), y0 <= y.min(), x.max() < x1, y.max() < y1) == (True,) * 4, word
        u, v = upright(x + 0.5, y + 0.5, degrees, size)
        p, q = upright(*np.array(polygon).T, degrees, size)
        slack = np.array([u.min() - p.min(), v.min() - q.min(), p.max() - u.max(), q.max() - v.max()])
        assert (slack >= 0).all(), (word, slack)
        assert (slack <= 4.5).all(), (word, slack)


@pytest.mark.parametrize("dpi", [50, 150])
def test_boxes_hold_at_other_resolutions(dpi: int) -> None:
    page = tilted("prescription-label", 1.0, dpi)
    whole = page.pixels()
    for word in [w for w in page.sheet.words if w.value][::4]:
        (x0, y0, x1, y1), _ = placed(word.box, 1.0, page.size)
        x, y = ink(page, whole, word)
        assert (x0 <= x.min(), y0 <= y.min(), x.max() < x1, y.max() < y1) == (True,) * 4, word


def test_the_annotation_carries_these_boxes() -> None:
    page = document(0, 1, look=Look(dpi=60, rotation=3))
    assert page.degrees != 0
    values = page.annotation()["values"]
    words = [word for word in page.sheet.words if word.value]
    for value, word in zip(values, words, strict=True):
        hull, polygon = placed(word.box, page.degrees, page.size)
        assert (value["value"], value["type"], tuple(value["box"])) == (word.text, word.value.type, hull)
        assert [tuple(corner) for corner in value["polygon"]] == list(polygon)


def test_noise_has_its_size_and_leaves_the_page_readable() -> None:
    page = np.full((400, 400), 128, np.uint8)
    noisy = scan(page, 0, 6.0, np.random.default_rng(0)).astype(float)
    rows = noisy - noisy.mean(axis=1, keepdims=True)
    assert 5.5 < np.diff(rows, axis=1).std() / math.sqrt(2) < 6.8
    assert scan(page, 0, 0, np.random.default_rng(0)) is page


def test_tilt_follows_the_setting() -> None:
    degrees = [document(0, k, look=Look(rotation=3)).degrees for k in range(200)]
    assert -3 <= min(degrees) < -2
    assert 2 < max(degrees) <= 3
    assert document(0, 0, look=Look(rotation=0)).degrees == 0
