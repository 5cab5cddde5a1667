"""Selecting: boxes, all, and as many at random elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.query import Intervention
from audit.models.hf_vlm.masking.select import Selection, check, select
from audit.models.hf_vlm.masking.view import Axis, View

SIZE = (60, 40)
VIEWS = (View(Axis.of(60), Axis.of(40), 5, (4,)), View(Axis.of(60).resized(20), Axis.of(40).resized(20), 5))
some_boxes = st.lists(
    st.tuples(st.integers(-9, 65), st.integers(-9, 45), st.integers(1, 40), st.integers(1, 40)), max_size=3
).map(lambda found: tuple((0, left, top, left + wide, top + high) for left, top, wide, high in found))


def chosen(intervention: Intervention, image: int = 0) -> Selection:
    return select(intervention, image, SIZE, VIEWS)


@given(boxes=some_boxes, radius=st.integers(0, 2), seed=st.integers(0, 99))
def test_random_tokens_are_as_many_and_elsewhere(
    boxes: tuple[tuple[int, int, int, int, int], ...], radius: int, seed: int
) -> None:
    by_box = Intervention("projector", boxes, "zero", radius)
    met = set(chosen(by_box).numbers())
    drawn = set(chosen(replace(by_box, pick="random", seed=seed)).numbers())
    everything = chosen(replace(by_box, pick="all"))
    assert everything.whole
    assert everything.numbers().tolist() == list(range(12 * 8 + 16))
    assert met.isdisjoint(drawn)
    assert len(drawn) == min(len(met), everything.tokens - len(met))
    assert set(chosen(replace(by_box, pick="random", seed=seed)).numbers()) == drawn


def test_another_seed_draws_others() -> None:
    intervention = Intervention("projector", ((0, 0, 0, 20, 20),), "zero", pick="random")
    drawn = {tuple(chosen(replace(intervention, seed=seed)).numbers()) for seed in range(5)}
    assert len(drawn) == 5


def test_a_box_hides_in_its_own_image_only_and_nothing_from_outside() -> None:
    intervention = Intervention("projector", ((1, 0, 0, 20, 20), (0, 60, 0, 70, 9)), "zero")
    assert chosen(intervention, 0).numbers().size == 0
    assert chosen(intervention, 1).numbers().size > 0


def test_cells_by_hand_in_both_views() -> None:
    found = chosen(Intervention("projector", ((0, 5, 5, 10, 11),), "zero"))
    assert np.argwhere(found.grids[0]).tolist() == [[1, 1], [2, 1]]
    # the small view: across a third, 5/3 to 10/3; down a half, 5/2 to 11/2
    assert np.argwhere(found.grids[1]).tolist() == [[0, 0], [1, 0]]
    assert found.numbers().tolist() == [5, 9, 96, 100]


@pytest.mark.parametrize(
    ("change", "images", "word"),
    [
        ({}, 0, "no image"),
        ({"radius": -1}, 1, "radius"),
        ({"pick": "some"}, 1, "some"),
        ({"boxes": ((1, 0, 0, 4, 4),)}, 1, "image 1"),
        ({"boxes": ((0, 4, 0, 4, 4),)}, 1, "left < right"),
    ],
)
def test_mistakes_are_named(change: dict[str, object], images: int, word: str) -> None:
    intervention = replace(Intervention("projector", ((0, 0, 0, 4, 4),), "zero"), **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=word):
        check(intervention, images)
