"""Placeholders in place of identifiers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from probes.phi.text import identify, redact


def test_equal_values_share_a_number_and_categories_count_apart() -> None:
    text = "Fax 208-555-0141, Tel 208-555-0142, fax 208-555-0141, fax 208-555-0143"
    assert redact(text) == "Fax [FAX 1], Tel [PHONE 1], fax [FAX 1], fax [FAX 2]"


def test_two_words_in_a_placeholder() -> None:
    assert redact("Member ID JGC259819662") == "Member ID [HEALTH PLAN 1]"


@given(st.text(max_size=200))
def test_what_is_no_identifier_stays(text: str) -> None:
    if not identify(text):
        assert redact(text) == text
