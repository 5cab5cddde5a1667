"""How numbers are written."""

from __future__ import annotations

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import numbers

SHARES = st.floats(0, 1)


def test_examples_in_the_docstrings() -> None:
    assert doctest.testmod(numbers).failed == 0
    assert doctest.testmod(numbers).attempted >= 8


@given(SHARES)
def test_percent_never_rounds_to_none_or_all(share: float) -> None:
    text = numbers.percent(share)
    assert (text == "0%") == (share == 0)
    assert (text == "100%") == (share == 1)
    assert abs(float(text.strip("<>%")) / 100 - share) <= 0.0011


@given(st.floats(-1, 1))
def test_points_carry_their_sign(difference: float) -> None:
    text = numbers.points(difference)
    shown = float(text.removesuffix(" points").replace(numbers.MINUS, "-"))
    assert math.isclose(shown, difference * 100, abs_tol=0.0501)
    assert text[0] in (("+",) if shown > 0 else (numbers.MINUS,) if shown < 0 else ("0",))


@given(st.floats(0, 1))
def test_p_values_are_ordered_and_bounded(p: float) -> None:
    text = numbers.p_value(p)
    assert (text == "< 0.001") == (p < 0.001)
    assert (text == "> 0.99") == (p > 0.99)


def test_p_value_just_below_a_tenth_keeps_one_width() -> None:
    assert numbers.p_value(0.0994) == "0.099"
    assert numbers.p_value(0.0996) == "0.10"


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("write", [numbers.percent, numbers.points, numbers.number, numbers.p_value])
def test_what_is_no_number_is_never_written(write, wrong: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        write(wrong)


@pytest.mark.parametrize(
    ("share", "low", "high", "words"),
    [
        (0.123, 0.08, 0.17, "about 12 of 100 (8 to 17)"),
        (0.0042, 0.001, 0.009, "about 4 of 1,000 (1 to 9)"),
        (0.9993, 0.99, 0.9999, "about 9,993 of 10,000 (9,900 to 9,999)"),
        (1.0, 0.93, 1.0, "100 of 100 (93 to 100)"),
        (0.5, None, None, "about 50 of 100"),
    ],
)
def test_natural_frequencies(share: float, low: float | None, high: float | None, words: str) -> None:
    assert numbers.frequency(share, low, high) == words


@given(SHARES)
def test_a_natural_frequency_is_never_nothing_of_something(share: float) -> None:
    text = numbers.frequency(share)
    if share >= 5e-5:
        assert not text.startswith("about 0 ")


def test_the_complement_swaps_its_ends() -> None:
    assert numbers.complement(0.88, 0.83, 0.92) == "about 12 of 100 (8 to 17)"


def test_frequency_refuses_what_is_no_share() -> None:
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        numbers.frequency(1.2)


def test_moments_that_are_none_stay_as_they_are() -> None:
    assert numbers.moment("yesterday") == "yesterday"
    assert numbers.moment("2025-11-23T22:04:11") == "2025-11-23T22:04:11"
