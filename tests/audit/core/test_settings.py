"""Options of a probe: what is allowed is read, everything else is refused in one line that names the key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.errors import InputError
from audit.core.settings import Settings

KNOWN = ("n", "some", "how")


def told(**values: object) -> Settings:
    return Settings("p", values, KNOWN)


def test_an_unknown_key_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InputError, match=r"Unknown option p\.other") as caught:
        told(other=1)
    assert "n, some, how" in str(caught.value)


@given(st.integers(0, 100))
def test_whole_numbers_are_read_from_flags_and_from_files(number: int) -> None:
    assert told(n=number).whole("n", 5, 0, 100) == told(n=f" {number} ").whole("n", 5, 0, 100) == number
    assert told().whole("n", 5, 0, 100) == 5


@pytest.mark.parametrize("value", [True, -1, 101, "1e2", "", None, 2.5, "\u0663", "9" * 5000])
def test_what_is_no_whole_number_within_limits_is_refused(value: object) -> None:
    with pytest.raises(InputError, match=r"Expected p\.n to be a whole number, 0 to 100"):
        told(n=value).whole("n", 5, 0, 100)


@pytest.mark.parametrize("value", ["b,a", ["b", "a", "b"], " b , a ,, "])
def test_words_come_from_texts_and_lists(value: object) -> None:
    assert told(some=value).words("some", ()) == ("b", "a")
    assert told(some=value).several("some", (), ("a", "b", "c")) == ("a", "b")


def test_none_is_nothing_only_where_it_may_be() -> None:
    assert told(some="none").several("some", ("a",), ("a",), none=True) == ()
    for value in ("none", "", "a,x", 7):
        with pytest.raises(InputError, match=r"Expected p\.some to be some of a but got"):
            told(some=value).several("some", ("a",), ("a",))
    assert told().several("some", ("a",), ("a",)) == ("a",)


def test_one_of_several() -> None:
    assert told(how="x").one("how", "y", ("x", "y")) == "x"
    assert told().one("how", "y", ("x", "y")) == "y"
    with pytest.raises(InputError, match=r"Expected p\.how to be one of x, y but got \['x'\]"):
        told(how=["x"]).one("how", "y", ("x", "y"))
