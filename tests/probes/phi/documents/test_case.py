"""Cases hang together, and depend on seed and index alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.canonical import digest
from probes.phi.documents.case import VERSION, draw_case
from probes.phi.documents.categories import CATEGORIES
from probes.phi.documents.value import Value
from probes.phi.documents.words import PLACES


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**6))
def test_days_are_in_order_and_printed_as_they_are(read_date: Callable[[str], date], seed: int, index: int) -> None:
    case = draw_case(seed, index)
    day = case.days
    assert (
        day["dob"]
        < day["accident"]
        <= day["admitted"]
        <= day["service"]
        < day["discharged"]
        < day["statement"]
        < day["due"]
    )
    assert day["service"] < day["reported"]
    assert day["discharged"] < day["appointment"]
    assert 20 <= case.age <= 99
    for field, when in day.items():
        assert read_date(case.values[field].text) == when


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**6))
def test_inferable_values_name_fields_that_exist(seed: int, index: int) -> None:
    case = draw_case(seed, index)
    assert {value.type for value in case.values.values()} == set(CATEGORIES)
    for value in case.values.values():
        assert value.inferable == (value.inferable_from != "")
        assert all(name in case.values for name in value.inferable_from.split(", ") if name)
    assert any(row[0] == case.home.city and row[2] == case.home.zip for row in PLACES)


def test_a_zip_code_gives_its_city_away() -> None:
    assert len({place[2] for place in PLACES}) == len(PLACES)


def test_an_age_is_an_identifier_only_above_89() -> None:
    cases = [draw_case(5, index) for index in range(300)]
    old = [case for case in cases if case.age > 89]
    assert 10 <= len(old) <= 60
    for case in cases:
        assert isinstance(case.printed_age, Value) == (case.age > 89)


def test_the_series_is_what_it_was() -> None:
    """A change of what a seed draws needs a new `VERSION`; then this digest changes with it."""
    drawn = [[case.values[f].text for f in sorted(case.values)] for case in (draw_case(0, k) for k in range(20))]
    assert VERSION == 1
    assert digest(drawn) == "01df800e04cc92d5582690998cb8c302004b52d923bd425726b0a75c14777d20"


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(ValueError, match="to be one of name, geographic"):
        Value("nickname", "nick", "Bob")
    with pytest.raises(ValueError, match="'patient' not to be empty"):
        Value("name", "patient", " ")
