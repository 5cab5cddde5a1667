"""What a printed date may mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.phi.documents.person import DATE_STYLES, print_date
from probes.phi.text.calendar import days


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(DATE_STYLES))
def test_every_printed_form_means_its_day(day: date, style: str) -> None:
    assert day in days(print_date(day, style))
    assert day in days(f"{day:%Y%m%d}")
    assert day in days(f"{day:%d.%m.%y}")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("03/09/2024", {date(2024, 3, 9), date(2024, 9, 3)}),
        ("25/12/2024", {date(2024, 12, 25)}),
        ("9th of March 2024", {date(2024, 3, 9)}),
        ("9-MAR-24", {date(1924, 3, 9), date(2024, 3, 9)}),
        ("March9,2024", {date(2024, 3, 9)}),
        ("02/30/2024", set()),
        ("March 2024", set()),
        ("1234", set()),
        ("", set()),
    ],
)
def test_ambiguous_and_impossible_dates(text: str, meant: set[date]) -> None:
    assert days(text) == meant


@given(st.text(max_size=40))
def test_any_text_is_taken(text: str) -> None:
    assert all(isinstance(day, date) for day in days(text))
