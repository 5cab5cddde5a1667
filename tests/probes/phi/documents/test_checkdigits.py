"""Check digits against published examples and against recipes written down by others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.phi.documents import checkdigits
from probes.phi.documents.checkdigits import VIN_LETTERS

DIGITS = st.text("0123456789", min_size=3, max_size=18)


def test_published_examples() -> None:
    assert checkdigits.luhn("7992739871") == "3"  # ISO/IEC 7812-1, the usual example
    assert checkdigits.luhn("12345") == "5"  # HL7 v2, CX.3
    assert checkdigits.npi("123456789") == "3"  # CMS, NPI check digit
    assert checkdigits.gs1("400638133393") == "1"  # an EAN-13
    assert checkdigits.gs1("0952012345678") == "8"  # GS1 Digital Link, example GTIN
    assert checkdigits.vin("1M8GDM9AXKP042788") == "X"  # 49 CFR 565
    assert checkdigits.vin("1" * 17) == "1"
    assert checkdigits.dea("123456") == "3"  # AB1234563


@given(DIGITS)
def test_luhn_is_hl7s_m10_as_the_standard_words_it(payload: str) -> None:
    # "Take the odd digit positions, counting from the right, multiply this number by 2, prepend the even positions,
    # add all of these digits, subtract from the next highest multiple of 10."
    odd, even = payload[::-2][::-1], payload[-2::-2]
    total = sum(map(int, str(int(odd) * 2) + even))
    assert checkdigits.luhn(payload) == str((10 - total % 10) % 10)


@given(DIGITS, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_never_passes(payload: str, place: int, more: int) -> None:
    place %= len(payload)
    wrong = payload[:place] + str((int(payload[place]) + more) % 10) + payload[place + 1 :]
    assert checkdigits.luhn(wrong) != checkdigits.luhn(payload)
    assert checkdigits.gs1(wrong) != checkdigits.gs1(payload)


@given(st.text(VIN_LETTERS + "0123456789", min_size=17, max_size=17))
def test_the_sum_of_a_vehicle_number_is_what_the_regulation_says(number: str) -> None:
    rows = ("ABCDEFGH", "JKLMN.P.R", ".STUVWXYZ")  # a letter is worth its place in its row (table III)
    worth = {char: place + 1 for row in rows for place, char in enumerate(row)}
    values = [int(char) if char.isdigit() else worth[char] for char in number]
    total = sum(v * w for v, w in zip(values, [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2], strict=True))
    assert checkdigits.vin(number) == "0123456789X"[total % 11]


@pytest.mark.parametrize(
    ("surname", "code"),
    [("Robert", "R163"), ("Rupert", "R163"), ("Ashcraft", "A261"), ("Tymczak", "T522"), ("Pfister", "P236"),
     ("Honeyman", "H555"), ("Lee", "L000"), ("O'Connor", "O256")],
)  # fmt: skip
def test_soundex(surname: str, code: str) -> None:
    assert checkdigits.soundex(surname) == code
