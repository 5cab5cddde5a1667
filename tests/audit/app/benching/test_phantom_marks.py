"""Planted features stay in their quadrant, and can be seen there."""

from __future__ import annotations

import numpy as np
import pytest

from audit.app.benching.films import films
from audit.app.benching.phantom_marks import FEATURES, planted


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("quadrant", range(4))
def test_a_feature_is_drawn_in_its_quadrant_alone(feature: str, quadrant: int) -> None:
    film = np.full((112, 112), 90, dtype=np.uint8)
    made, where = planted(film, feature, quadrant)
    top, left = quadrant // 2 * 56, quadrant % 2 * 56
    inside = np.zeros_like(where)
    inside[top : top + 56, left : left + 56] = True
    assert where.any()
    assert not (where & ~inside).any()
    assert (made[~where] == 90).all()
    assert (made[where] != 90).all()
    assert (film == 90).all()


def test_films_show_the_feature_where_their_places_say_and_findings_in_turn() -> None:
    made = films(10, 5)
    assert made.labels.tolist() == [0, 1, 2, 3, 4] * 2
    for column, feature in enumerate(FEATURES):
        changed = made.marked[feature] != made.bare
        for row, place in enumerate(made.places[:, column]):
            top, left = place // 2 * 28, place % 2 * 28
            assert changed[row, top : top + 28, left : left + 28].sum() > 10
            changed[row, top : top + 28, left : left + 28] = False
        assert not changed.any()
