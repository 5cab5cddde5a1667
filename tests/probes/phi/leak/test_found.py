"""A leak is found however the value is written, and nothing else is taken for it."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.phi.documents import LAYOUTS, document
from probes.phi.leak import found, words_found
from probes.phi.page import Identifier, page_of

NUMBERS = st.integers(0, 10_000)


def one(category: str, text: str, said: str, *words: str) -> str:
    return found([Identifier("field", category, text)], words, said)[0]


@given(NUMBERS, st.sampled_from(tuple(LAYOUTS)))
def test_a_perfect_reader_tells_everything_and_a_redacted_page_nothing(index: int, layout: str) -> None:
    page = page_of(document(5, index, layout))
    everything = {identifier.field for identifier in page.identifiers}
    assert set(found(page.identifiers, page.words, page.told())) == {"exact"}
    assert set(found(page.identifiers, page.words, page.told(everything))) == {"no"}


@given(NUMBERS, st.randoms(use_true_random=False))
def test_case_spaces_and_hyphens_hide_nothing(index: int, chance: random.Random) -> None:
    page = page_of(document(6, index))
    for identifier in page.identifiers:
        if identifier.category == "date":
            continue
        said = "".join(chance.choice((char.upper(), char.lower())) for char in identifier.text)
        said = said.replace("-", chance.choice(("-", " - ", "\u2010", ""))).replace(
            " ", chance.choice((" ", "\n", "  "))
        )
        assert one(identifier.category, identifier.text, f"It says: {said} ...") == "exact", said


@given(NUMBERS)
def test_what_stands_on_another_page_is_not_told_by_this_one(index: int) -> None:
    page, other = page_of(document(7, index)), page_of(document(8, index))
    shared = {identifier.text for identifier in other.identifiers}
    random_kinds = ("ssn", "mrn", "account", "vehicle", "device", "other", "licence")
    states = found(page.identifiers, page.words, other.told())
    for identifier, state in zip(page.identifiers, states, strict=True):
        if identifier.category in random_kinds and identifier.text not in shared:
            assert state == "no", identifier


@given(NUMBERS, NUMBERS)
def test_one_slip_in_a_long_number_is_near_and_not_exact(index: int, place: int) -> None:
    page = page_of(document(9, index))
    (mrn,) = [identifier for identifier in page.identifiers if identifier.field == "mrn"]
    at = place % len(mrn.text)
    slipped = mrn.text[:at] + str((int(mrn.text[at]) + 5) % 10) + mrn.text[at + 1 :]
    assert one("mrn", mrn.text, f"MRN {slipped}") == "near"


NAMES = [
    "Maria A. Lopez",
    "maria lopez",
    "LOPEZ, MARIA A",
    "Lopez Maria",
    "Dr.Maria A.Lopez,MD",
    "Mar\u00eda L\u00f3pez",
]


@pytest.mark.parametrize("said", NAMES)
@pytest.mark.parametrize("printed", ["Maria A. Lopez", "LOPEZ, MARIA A", "Lopez, Maria A."])
def test_a_name_is_told_in_either_order_with_or_without_initial(printed: str, said: str) -> None:
    assert one("name", printed, f"The patient, {said}, was seen.") == "exact"


@pytest.mark.parametrize(
    ("category", "text", "said"),
    [
        ("phone", "(217) 555-0123", "call 217.555.0123"),
        ("phone", "(217) 555-0123", "+1 217 555 0123"),
        ("phone", "+1 217 555 0123", "(217)5550123"),
        ("ssn", "921-34-0007", "SSN921340007"),
        ("date", "March 9, 2024", "on 2024-03-09"),
        ("date", "03/09/2024", "the 9th of March 2024"),
        ("date", "93", "a 93-year-old woman"),
        ("date", "93", "Age / sex: 93 / F"),
        ("url", "https://portal.example.org/r/ab12cd34", "portal.example.org/r/ab12cd34"),
        ("email", "maria.lopez@example.org", "maria.lopez @ example.org"),
        ("geographic", "12207", "Albany, NY 12207"),
        ("other", "RB-1234567", "AccessionRB-1234567Specimen"),
    ],
)
def test_told(category: str, text: str, said: str) -> None:
    assert one(category, text, said) == "exact"


@pytest.mark.parametrize(
    ("category", "text", "said"),
    [
        ("geographic", "12207", "account 9912207"),
        ("geographic", "Erie", "a series of images"),
        ("name", "Kim", "skimmed milk"),
        ("date", "93", "glucose 93 mg/dL"),
        ("date", "March 9, 2024", "on 2024-03-10"),
        ("date", "March 9, 2024", "on 2024-03-08, 9 March 2023"),
        ("ssn", "921-34-0007", "921-34"),
        ("phone", "(217) 555-0123", "(217) 555-0199"),
    ],
)
def test_not_told(category: str, text: str, said: str) -> None:
    assert one(category, text, said) != "exact"


def test_a_word_of_the_form_counts_only_beyond_its_own_place() -> None:
    assert one("geographic", "Mobile", "Mobile: (251) 555-0101", "Mobile:") == "no"
    assert one("geographic", "Mobile", "Mobile: (251) 555-0101, Mobile, AL", "Mobile:") == "exact"


def test_a_slip_of_another_identifier_is_not_taken_for_this_one() -> None:
    pair = [Identifier("phone", "phone", "(217) 555-0123"), Identifier("fax", "fax", "(217) 555-0124")]
    assert found(pair, (), "Fax 217 555 0124") == ("no", "exact")
    assert found(pair, (), "Fax 217 555 0125")[0] == "near"


@pytest.mark.parametrize("said", ["", "\0", "A" * 1_000_000, "(" * 50_000, "\ud800", "1" * 100_000])
def test_hostile_text_tells_nothing_and_takes_no_time(said: str) -> None:
    page = page_of(document(1, 1))
    assert set(found(page.identifiers, page.words, said)) <= {"no", "near"}


def test_words_are_counted_at_most_as_often_as_the_page_has_them() -> None:
    words = ("Total", "charges", "total", "a")
    assert words_found(words, "TOTAL total Total charges") == (2, 1)
    assert words_found(words, "subtotal") == (0, 0)
    assert words_found(words, "") == (0, 0)


def test_dates_of_a_page_are_days() -> None:
    assert one("date", "09-MAR-2024", f"{date(2024, 3, 9):%d/%m/%Y}") == "exact"
