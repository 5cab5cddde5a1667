"""Dates are found however they are written, and only where they are."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.phi.documents.person import DATE_STYLES, print_date
from probes.phi.leak.days import day_of, days

DAYS = st.dates(date(1930, 1, 1), date(2049, 12, 31))
WAYS = (
    "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%d%b%Y", "%b. %d %Y",
    "%Y %b %d", "%Y%m%d", "%m - %d - %Y", "%B%d,%Y", "%dth of %B, %Y",
)  # fmt: skip


@given(DAYS, st.sampled_from(WAYS))
def test_a_date_is_found_however_it_is_written(day: date, way: str) -> None:
    assert day in days(f"seen on {day:{way}}, in good health".lower())


@given(DAYS, st.sampled_from(DATE_STYLES))
def test_a_printed_date_is_read_as_itself(day: date, style: str) -> None:
    assert day_of(print_date(day, style).lower()) == day


@given(DAYS, DAYS)
def test_another_date_is_not_found(day: date, other: date) -> None:
    written = f"{other:%B %d, %Y}".lower()
    assert (day in days(written)) == (day == other)


@given(st.dates(date(2000, 1, 1), date(2029, 12, 31)))
def test_two_digits_of_a_year_are_enough(day: date) -> None:
    assert day in days(f"{day:%m/%d/%y}")


@pytest.mark.parametrize("text", ["", "99/99/2024", "13 tablets of 20 mg", "192.0.2.17", "(217) 555-0123", "march on"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert days(text) == frozenset()
    assert day_of(text) is None
