"""Validity of numbers, dates and addresses, apart from their shape."""

from __future__ import annotations

import ipaddress
import re
from datetime import date

from probes.phi.documents import checkdigits

_CARD_LENGTHS = range(13, 20)


def digits(text: str) -> str:
    """The ASCII digits of a text."""
    return "".join(re.findall("[0-9]", text))


def has_digits(text: str) -> bool:
    """At least three digits: a number of somebody's, not a word or a count."""
    return len(digits(text)) >= 3


def is_ssn(text: str) -> bool:
    """Nine digits, none of the three groups all zero (SSA); unissued areas are kept: a slip in reading makes them."""
    number = digits(text)
    return len(number) == 9 and number[:3] != "000" and number[3:5] != "00" and number[5:] != "0000"


def is_npi(text: str) -> bool:
    """Ten digits with the check digit of 45 CFR 162.406."""
    number = digits(text)
    return len(number) == 10 and checkdigits.npi(number[:-1]) == number[-1]


def is_dea(text: str) -> bool:
    """Two letters (or a letter and 9) and seven digits with the DEA's check digit."""
    number = digits(text[2:])
    return len(number) == 7 and checkdigits.dea(number[:-1]) == number[-1]


def is_vin(text: str) -> bool:
    """17 characters without I, O, Q and with the check digit of 49 CFR 565.15; not digits alone."""
    number = text.upper()
    known = set(checkdigits.VIN_LETTERS + "0123456789")
    return len(number) == 17 and set(number) <= known and not number.isdigit() and checkdigits.vin(number) == number[8]


def is_imei(text: str) -> bool:
    """15 digits with a valid Luhn digit (GSMA TS.06)."""
    number = digits(text)
    return len(number) == 15 and checkdigits.luhn(number[:-1]) == number[-1]


def is_card(text: str) -> bool:
    """A payment card (ISO/IEC 7812): 13 to 19 digits, the first 3 to 6, with a valid Luhn digit."""
    number = digits(text)
    return len(number) in _CARD_LENGTHS and number[0] in "3456" and checkdigits.luhn(number[:-1]) == number[-1]


def is_iban(text: str) -> bool:
    """An IBAN (ISO 13616): 97 divides the rearranged number plus 96."""
    number = re.sub(r"\s", "", text).upper()
    moved = number[4:] + number[:4]
    return 15 <= len(number) <= 34 and moved.isalnum() and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def is_ip(text: str) -> bool:
    """An IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_date(text: str) -> bool:
    """Three numbers that are a day, a month and a year in some order, 1850 to 2100; two digits may be a year."""
    parts = re.findall("[0-9]+", text)
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [text[:4], text[4:6], text[6:8]]
    if len(parts) != 3:
        return False
    first, second, third = (int(part) for part in parts)
    if len(parts[0]) == 4:
        return _is_day(first, second, third) or _is_day(first, third, second)
    year = third if len(parts[2]) == 4 else 2000 + third
    return _is_day(year, first, second) or _is_day(year, second, first)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return 1850 <= date(year, month, day).year <= 2100
    except ValueError:
        return False


def is_old(text: str) -> bool:
    """An age over 89 (45 CFR 164.514(b)(2)(i)(C))."""
    return 90 <= int(digits(text) or 0) <= 125


def is_long_uid(text: str) -> bool:
    """Longer than the UIDs that the standard itself assigns to kinds of objects and transfer syntaxes."""
    return len(text) > 20 and not text.startswith("1.2.840.10008.")
