"""Reading order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.reading import Box, Printed, page, rows


def at(text: str, left: int, top: int, right: int, bottom: int) -> Printed:
    return Printed(text, (left, top, right, bottom))


def test_rows_from_top_to_bottom_and_a_tab_between_columns() -> None:
    pieces = [
        at("MRN", 300, 10, 330, 20),
        at("Name", 0, 9, 30, 19),
        at("below", 0, 40, 30, 50),
        at("Ann", 34, 10, 60, 20),
    ]
    made = page(pieces)
    assert made.text == "Name Ann\tMRN\nbelow"
    assert [piece.text for piece in made.pieces] == ["Name", "Ann", "MRN", "below"]
    assert [
        made.text[place : place + len(piece.text)] for place, piece in zip(made.places, made.pieces, strict=True)
    ] == [piece.text for piece in made.pieces]


@pytest.mark.parametrize("slope", [-0.02, 0.02])
def test_a_tilted_row_stays_one_row(slope: float) -> None:
    def piece(row: int, column: int) -> Printed:
        top = 200 + 25 * row + round(slope * 120 * column)
        return at(f"{row}{column}", 120 * column, top, 120 * column + 100, top + 18)

    pieces = [piece(row, column) for column in range(8) for row in range(6)]
    assert [[one.text for one in row] for row in rows(pieces)] == [[f"{r}{c}" for c in range(8)] for r in range(6)]


def test_a_box_without_area_and_a_wrong_number_of_edges_are_refused() -> None:
    with pytest.raises(ValueError, match="left < right"):
        Printed("a", (3, 0, 3, 9))
    with pytest.raises(ValueError, match="3 edges but got 2"):
        Printed("ab", (0, 0, 9, 9), (0.0, 9.0))


boxes = st.tuples(*[st.integers(0, 200)] * 2, *[st.integers(1, 60)] * 2).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=5), boxes), max_size=12))
def test_every_piece_is_read_once_at_its_place(given_pieces: list[tuple[str, Box]]) -> None:
    pieces = [Printed(text, box) for text, box in given_pieces]
    made = page(pieces)
    key = lambda piece: (piece.text, piece.box)  # noqa: E731
    assert sorted(made.pieces, key=key) == sorted(pieces, key=key)
    for piece, place in zip(made.pieces, made.places, strict=True):
        assert made.text[place : place + len(piece.text)] == piece.text
    assert len(made.text) == sum(len(piece.text) for piece in pieces) + max(0, len(pieces) - 1)
