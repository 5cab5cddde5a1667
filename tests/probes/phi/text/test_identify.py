"""What is found in a text, by whom, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.phi.documents import CATEGORIES
from probes.phi.documents.words import FEMALE, MALE, SURNAMES
from probes.phi.text import Span, identify

EXAMPLES = (
    ("name", "Patient: Maria Lopez, seen today", "Maria Lopez"),
    ("name", "Name\tLOPEZ, MARIA A\tSSN", "LOPEZ, MARIA A"),
    ("name", "Lopez, Maria A. was seen", "Lopez, Maria A."),
    ("name", "PN: DOE^JOHN^Q^^DR", "DOE^JOHN^Q^^DR"),
    ("name", "reviewed by Ivan E. Okafor, MD", "Ivan E. Okafor"),
    ("name", "Thank you, Dr. White, for", "White"),
    ("name", "MARTIN CHAD [U] 01.01.2000", "MARTIN CHAD"),
    ("name", "spoke with Jennifer Castellanos about it", "Jennifer Castellanos"),
    ("name", "admitted to Oakmere General Hospital", "Oakmere General Hospital"),
    ("name", "Employer: Harborline Foods", "Harborline Foods"),
    ("geographic", "lives at 12 North Elm Street, Apt 4", "12 North Elm Street, Apt 4"),
    ("geographic", "Santa Fe, NM 87501", "Santa Fe"),
    ("geographic", "Santa Fe, NM 87501", "87501"),
    ("geographic", "PO Box 1234", "PO Box 1234"),
    ("date", "seen 03/09/2024 at", "03/09/2024"),
    ("date", "seen 2024-03-09.", "2024-03-09"),
    ("date", "seen March 9, 2024", "March 9, 2024"),
    ("date", "seen 09-MAR-2024", "09-MAR-2024"),
    ("date", "seen on 9 March", "9 March"),
    ("date", "BD 06.16.1976", "06.16.1976"),
    ("date", "StudyDate 20240309", "20240309"),
    ("date", "a 93-year-old man", "93"),
    ("phone", "Tel (208) 555-0141", "(208) 555-0141"),
    ("phone", "+44 20 7946 0958", "+44 20 7946 0958"),
    ("phone", "208.555.0141 ext. 12", "208.555.0141 ext. 12"),
    ("fax", "Fax: 208-555-0141", "208-555-0141"),
    ("fax", "faxed to (208) 555-0141", "(208) 555-0141"),
    ("email", "at o'connor_1@example.co.uk.", "o'connor_1@example.co.uk"),
    ("url", "see https://portal.example.org/r/a1?b=c.", "https://portal.example.org/r/a1?b=c"),
    ("url", "www.example.org", "www.example.org"),
    ("ssn", "SSN 995-45-8179", "995-45-8179"),
    ("ssn", "Social Security: 995458179", "995458179"),
    ("mrn", "(MRN 46954616)", "46954616"),
    ("mrn", "Medical record no. 12-34-567", "12-34-567"),
    ("health_plan", "card 1EG4-TE5-MK72", "1EG4-TE5-MK72"),
    ("health_plan", "Member ID: JGC259819662", "JGC259819662"),
    ("account", "Account no. B77-3168309", "B77-3168309"),
    ("account", "GB29 NWBK 6016 1331 9268 19", "GB29 NWBK 6016 1331 9268 19"),
    ("account", "card 4111 1111 1111 1111", "4111 1111 1111 1111"),
    ("licence", "NPI 1234567893", "1234567893"),
    ("licence", "DEA / NPI\tZR3886592 / 7293955127", "ZR3886592"),
    ("licence", "DEA / NPI\tZR3886592 / 7293955127", "7293955127"),
    ("vehicle", "1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
    ("device", "UDI (01)09525021084248(21)74RYU0U.", "(01)09525021084248(21)74RYU0U"),
    ("device", "S/N: A1B2345", "A1B2345"),
    ("device", "490154203237518", "490154203237518"),
    ("ip", "from 192.0.2.186 on", "192.0.2.186"),
    ("ip", "from 2001:db8::1", "2001:db8::1"),
    ("other", "Accession FW-6029296", "FW-6029296"),
    ("other", "1.2.840.113619.2.55.3.604688119.971", "1.2.840.113619.2.55.3.604688119.971"),
)


@pytest.mark.parametrize(("category", "text", "value"), EXAMPLES, ids=[f"{c}: {v}" for c, _, v in EXAMPLES])
def test_an_identifier_is_found_whole_and_named(category: str, text: str, value: str) -> None:
    assert (category, value) in [(span.category, span.of(text)) for span in identify(text)]


def test_every_category_has_an_example() -> None:
    assert {category for category, _, _ in EXAMPLES} == set(CATEGORIES)


@pytest.mark.parametrize(
    "text",
    [
        "Is there a pneumothorax in the right upper lobe?",
        "Hemoglobin\t12.4\tg/dL\t12.0 - 16.0",
        "T2-weighted axial MRI at 1.5 T, slice 12 of 30, ratio 3/4",
        "White cell count 11.2 10^3/uL; C-reactive protein 28.1 mg/L",
        "The patient is a 57-year-old woman with chest pain (ICD-10 I20.0, CPT 93458).",
        "Lesion of 12 x 14 mm in segment 7, SUV 3.2, HU 45-60",
        "Dose 875 mg twice daily for 14 days, $1,180.00",
        "Questions about this statement: have your account number ready.",
        "Version 1.2.3 of the protocol",
    ],
)
def test_clinical_text_is_left_alone(text: str) -> None:
    assert identify(text) == ()


@pytest.mark.parametrize(
    "bad", ["1234567890", "490154203237517", "1M8GDM9AXKP042789", "GB28 NWBK 6016 1331 9268 19", "300.1.1.1"]
)
def test_a_wrong_check_digit_is_no_identifier(bad: str) -> None:
    assert identify(f"value {bad}") == ()


def test_a_value_is_found_wherever_it_stands_again() -> None:
    text = "Patient: Zorana Quill. Mr. Quill asked. Later quill-shaped; Quill left."
    assert [span.of(text) for span in identify(text)] == ["Zorana Quill", "Quill", "Quill"]


@given(st.text(max_size=300))
def test_spans_are_in_order_apart_and_inside(text: str) -> None:
    spans = identify(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(isinstance(span, Span) and span.category in CATEGORIES for span in spans)


@given(st.sampled_from(FEMALE + MALE), st.sampled_from("ABCDEFGH"), st.sampled_from(SURNAMES), st.integers(0, 2))
def test_a_name_behind_a_label_is_covered_in_every_form(given_name: str, initial: str, surname: str, form: int) -> None:
    printed = (
        f"{given_name} {initial}. {surname}",
        f"{surname}, {given_name} {initial}".upper(),
        f"{surname}, {given_name} {initial}.",
    )[form]
    text = f"Name: {printed}\nMRN 1"
    covered = "".join(span.of(text) for span in identify(text))
    assert "".join(filter(str.isalpha, covered)) == "".join(filter(str.isalpha, printed))


@pytest.mark.parametrize(
    "piece",
    ["A", "(", "1.", "Aa ", "A-", "aa^", "1 ", " ", "name ", "name:\n", "0:", "Aa, ", "a@", "12 Aa ", "+1 1", "fax ",
     "Abcdefghij " * 20 + "1", "ABCDEFGHIJ, ", "Dr. Aa ", "www.a", "City Aa, ", "name|||"],
)  # fmt: skip
def test_no_text_takes_long(piece: str, fastest: Callable[[Callable[[], object], float], float]) -> None:
    """Model output is untrusted: time grows with its length and not faster."""
    text = (piece * 20_000)[:20_000]
    assert fastest(lambda: identify(text), 5) < 5
