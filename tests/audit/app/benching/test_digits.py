"""Scenes of digits: one digit, at most one square, and truth about where it is."""

from __future__ import annotations

import numpy as np
import pytest

from audit.app.benching.digits import SIDE, Digits

pytest.importorskip("sklearn")


def test_a_scene_shows_its_digit_and_its_square_where_it_says() -> None:
    digits, rng = Digits(0), np.random.default_rng(0)
    source = digits.drawn("train", 200, rng)
    scenes = digits.scenes(source, rng.random(200) < 0.5, rng)
    assert scenes.pixels.shape == (200, 56, 56, 3)
    for row in range(200):
        tiles = [scenes.pixels[row, r : r + SIDE, c : c + SIDE] for r in (0, SIDE) for c in (0, SIDE)]
        red = [bool((tile == (255, 0, 0)).all()) for tile in tiles]
        assert red == scenes.holds[row].tolist()
        shown = [tile for tile in tiles if (tile[..., 0] == tile[..., 2]).all() and tile.any()]
        assert len(shown) == 1
        assert (shown[0][..., 0] == digits.images[source[row]]).all()
    assert (scenes.holds.sum(axis=1) == scenes.has).all()
    assert (scenes.labels == digits.labels[source]).all()
    places = scenes.holds.sum(axis=0)
    assert places.min() > 10  # every quadrant has its turn


def test_parts_share_no_digit_image_and_hold_all_of_them() -> None:
    parts = Digits(3).parts
    rows = np.concatenate(list(parts.values()))
    assert sorted(rows.tolist()) == list(range(1797))
    assert [round(len(part) / 1797, 1) for part in parts.values()] == [0.6, 0.1, 0.3]
    assert not np.array_equal(parts["train"], Digits(4).parts["train"])


def test_images_are_drawn_once_where_there_are_as_many() -> None:
    digits = Digits(0)
    assert len(set(digits.drawn("evaluate", 300, np.random.default_rng(0)).tolist())) == 300
    assert len(digits.drawn("evaluate", 900, np.random.default_rng(0))) == 900
