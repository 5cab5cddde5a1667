"""Reading positions out of free text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.parsing.positions import named_positions, position_names, read_position

SIZES = st.sampled_from([2, 3, 4, 5])


def test_names_are_in_reading_order() -> None:
    assert position_names(2) == ("top-left", "top-right", "bottom-left", "bottom-right")
    assert position_names(3)[3:6] == ("middle-left", "middle-center", "middle-right")
    assert position_names(4)[5] == "row 2, column 2"
    assert all(len(set(position_names(n))) == n * n for n in (2, 3, 4, 5))


@given(
    SIZES,
    st.data(),
    st.sampled_from(["{}", "The {} scan.", "**{}**", "It is in the {} panel, an MRI", "Answer: {}", "{}\n"]),
)
def test_every_name_reads_back(n: int, data: st.DataObject, frame: str) -> None:
    name = data.draw(st.sampled_from(position_names(n)))
    change = data.draw(st.sampled_from([str, str.upper, lambda text: text.replace("-", " ")]))
    assert read_position(frame.format(change(name)), n).given == name


@given(SIZES, st.data())
def test_rows_and_columns_read_back(n: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, n * n - 1))
    row, column = divmod(place, n)
    words = ("first", "second", "third", "fourth", "fifth")
    for text in (
        f"row {row + 1}, column {column + 1}",
        f"{words[row]} row, {words[column]} column",
        f"the {words[column]} column of the {words[row]} row",
        f"{words[column]} image in the {words[row]} row",
        f"R{row + 1}C{column + 1}",
        f"column {column + 1}, row {row + 1}",
        f"image {place + 1}",
    ):
        assert read_position(text, n).given == position_names(n)[place], text


@given(SIZES)
def test_a_list_of_all_positions_is_no_answer(n: int) -> None:
    for separator in (", ", " ", "\n", " and "):
        listed = separator.join(position_names(n))
        assert named_positions(listed, n) == set(position_names(n))
        assert read_position(listed, n).problem == "several_named"
        assert read_position(f"The outlier is {listed}.", n).problem == "several_named"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("upper left", "top-left"), ("lower right-hand corner", "bottom-right"), ("the left upper panel", "top-left"),
        ("top row, right", "top-right"), ("bottom-left: a left upper lobe mass", "bottom-left"), ("topright",
        "top-right"),
        ("the last row, first column", "bottom-left"), ("top_left", "top-left"), ("top – left", "top-left"),
    ],
)  # fmt: skip
def test_synonyms_in_two_by_two(text: str, name: str) -> None:
    assert read_position(text, 2).given == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("center", "middle-center"), ("the middle one", "middle-center"), ("centre", "middle-center"),
        ("center left", "middle-left"),
        ("left center", "middle-left"), ("top middle", "top-center"), ("middle top", "top-center"),
        ("center-right", "middle-right"),
        ("lower center", "bottom-center"), ("middle row, right column", "middle-right"), ("center center",
        "middle-center"),
    ],
)  # fmt: skip
def test_synonyms_in_three_by_three(text: str, name: str) -> None:
    assert read_position(text, 3).given == name


@pytest.mark.parametrize(
    "text", ["left lower lobe", "right upper zone", "left upper limb", "right lower quadrant", "a left lung"]
)
@pytest.mark.parametrize("n", [2, 3])
def test_words_for_the_body_are_no_positions(text: str, n: int) -> None:
    assert named_positions(text, n) == frozenset()


def test_none_and_a_position_contradict_each_other() -> None:
    assert read_position("none", 3).given == "none"
    assert read_position("No outlier: all are the same", 2).given == "none"
    assert read_position("top-left or none", 2).problem == "several_named"
    assert read_position("top-left is an MRI; the others are all the same", 2).given == "top-left"
    assert read_position("It is not the top-left but the top-right", 2).given == "top-right"


@given(st.text(max_size=200), SIZES)
def test_any_text_has_one_reading(text: str, n: int) -> None:
    reading = read_position(text, n)
    assert (reading.given is None) != (reading.problem is None)
    assert reading.given is None or reading.given in (*position_names(n), "none")
