"""Formats of the real world, in ranges that nobody is given."""

from __future__ import annotations

import ipaddress
import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from probes.phi.documents import numbers
from probes.phi.documents.case import draw_case

seeds = st.integers(0, 2**63 - 1)


def luhn_passes(number: str) -> bool:
    total = 0
    for place, char in enumerate(reversed(number)):
        digit = int(char)
        if place % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


@given(seeds)
def test_social_security_numbers_are_neither_ssn_nor_itin_nor_atin(seed: int) -> None:
    area, group, serial = map(int, numbers.ssn(np.random.default_rng(seed)).split("-"))
    assert 900 <= area <= 999
    assert 30 <= group <= 48  # the IRS gives out 50-65, 70-88, 90-92, 94-99 (ITIN) and 93 (ATIN)
    assert 1 <= serial <= 9999


@given(seeds, st.integers(1, 100))
def test_telephone_numbers_are_fictional_and_differ(seed: int, n: int) -> None:
    found = numbers.lines(np.random.default_rng(seed), "217", n)
    assert len(set(found)) == n
    assert all(re.fullmatch(r"\(217\) 555-01\d\d", line) for line in found)


@given(seeds)
def test_numbers_with_a_check_digit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    npi, mrn, imei, udi, dea = (
        numbers.npi(rng),
        numbers.mrn(rng),
        numbers.imei(rng),
        numbers.udi(rng),
        numbers.dea(rng, "lee"),
    )
    assert re.fullmatch(r"[5-9]\d{9}", npi)
    assert luhn_passes("80840" + npi)
    assert re.fullmatch(r"\d{8}", mrn)
    assert luhn_passes(mrn)
    assert re.fullmatch(r"00101\d{10}", imei)
    assert luhn_passes(imei)
    gtin = re.fullmatch(r"\(01\)(0952\d{10})\(21\)[A-Z0-9]{7}", udi)
    assert gtin is not None
    assert sum(int(d) * (3, 1)[place % 2] for place, d in enumerate(gtin[1])) % 10 == 0
    digits = re.fullmatch(r"ZL(\d)(\d)(\d)(\d)(\d)(\d)(\d)", dea)
    assert digits is not None
    a, b, c, d, e, f, check = map(int, digits.groups())
    assert (a + c + e + 2 * (b + d + f)) % 10 == check


@given(seeds)
def test_vehicle_numbers(seed: int) -> None:
    vin = numbers.vin(np.random.default_rng(seed))
    assert re.fullmatch(r"0[A-HJ-NPR-Z0-9]{16}", vin)
    worth = {c: int(v) for c, v in zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True)}
    values = [worth[c] if c in worth else int(c) for c in vin[:8] + "0" + vin[9:]]
    total = sum(v * w for v, w in zip(values, (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2), strict=True))
    assert vin[8] == "0123456789X"[total % 11]


@given(seeds)
def test_medicare_numbers_have_cms_s_form_but_for_the_letter_that_is_never_issued(seed: int) -> None:
    mbi = numbers.mbi(np.random.default_rng(seed))
    letter = "[AC-HJKMNP-RT-Y]"
    assert re.fullmatch(rf"[1-9]S({letter}|\d)\d-{letter}({letter}|\d)\d-{letter}{letter}\d\d", mbi)


@given(seeds, st.integers(1920, 2006))
def test_driver_licences_hold_a_day_that_no_birthday_has(seed: int, born: int) -> None:
    number = numbers.driver_licence(np.random.default_rng(seed), "Rupert", born)
    parts = re.fullmatch(r"R163-\d{3}(\d)-(\d)(\d{3})", number)
    assert parts is not None
    assert int(parts[1] + parts[2]) == born % 100
    assert int(parts[3]) > 31 * 11 + 31 + 600


@given(seeds, st.integers(0, 10**6))
def test_nothing_in_a_case_can_be_reached(seed: int, index: int) -> None:
    values = draw_case(seed, index).values.values()
    networks = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
    for value in values:
        if value.type in ("phone", "fax"):
            assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", value.text)
        elif value.type == "email":
            assert re.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)", value.text)
        elif value.type == "url":
            assert re.fullmatch(r"(https://portal|www\.[a-z]+)\.example\.org(/r/[a-z0-9]{8})?", value.text)
        elif value.type == "ip":
            assert any(ipaddress.ip_address(value.text) in net for net in networks)
    lines = [v.text for v in values if v.type in ("phone", "fax") and v.subject != "patient"]
    assert len(values) == len({v.field for v in values})
    assert len(lines) >= 4
