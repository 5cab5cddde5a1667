"""RapidOCR's results as printed pieces, without RapidOCR."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.models.ocr_pieces import edges, hull, printed


def corners(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def test_characters_stand_in_their_word() -> None:
    words = [("ab", corners(2, 0, 12, 9)), ("cde", corners(20, 0, 35, 9))]
    assert edges("ab cde f", [*words, ("f", corners(40, 0, 44, 9))], (0, 0, 50, 9)) == (
        0,
        6,
        12,
        20,
        25,
        30,
        35,
        40,
        50,
    )


def test_words_that_are_not_in_the_line_say_nothing() -> None:
    assert edges("ab cde", [("xy", corners(0, 0, 5, 9))], (0, 0, 40, 9)) == ()
    assert edges("ab", [], (0, 0, 40, 9)) == ()


def test_a_box_is_cut_to_the_image_and_a_blank_image_has_no_text() -> None:
    assert hull(corners(-3.2, 1.5, 12.1, 99), 12, 40) == (0, 1, 12, 40)
    assert printed(SimpleNamespace(boxes=None, txts=None, word_results=None), 10, 10) == ()


def test_lines_without_a_visible_character_are_left_out() -> None:
    result = SimpleNamespace(
        boxes=[corners(0, 0, 9, 9), corners(0, 10, 9, 19), corners(20, 0, 29, 9)], txts=(" ", "a", "b"), word_results=()
    )
    assert [(piece.text, piece.box) for piece in printed(result, 15, 30)] == [("a", (0, 10, 9, 19))]


@given(
    st.lists(st.tuples(st.sampled_from(["a", "bc", "def"]), st.integers(-5, 120), st.integers(0, 60)), max_size=6),
)
def test_edges_never_fall_and_match_the_line(words: list[tuple[str, int, int]]) -> None:
    line = " ".join(word for word, _, _ in words)
    found = edges(line, [(word, corners(left, 0, left + wide, 9)) for word, left, wide in words], (0, 0, 100, 9))
    assert len(found) in (0, len(line) + 1)
    assert all(one <= other for one, other in pairwise(found))
    assert all(edge == pytest.approx(edge) for edge in found)
