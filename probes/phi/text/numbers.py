"""Recognisers of numbers that stand for a person, by check digit or by shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from probes.phi.text.checks import is_card, is_dea, is_iban, is_imei, is_long_uid, is_npi, is_ssn, is_vin
from probes.phi.text.recogniser import Recogniser, labelled, words

_SSN_LABELS = words("SSN", "SS", "S.S.N.", "social security", "social security number", "soc. sec.", "TIN", "ITIN")


def _number(category: str, how: str, pattern: str, valid: Callable[[str], bool] | None = None) -> Recogniser:
    """A number that no letter, digit or hyphen continues."""
    return Recogniser(category, how, re.compile(rf"(?<![\w\-.]){pattern}(?![\w\-])"), valid)


CHECKED: Final = (
    _number("vehicle", "VIN with check digit", r"[A-HJ-NPR-Za-hj-npr-z0-9]{17}", is_vin),
    Recogniser(
        "device",
        "UDI",
        re.compile(
            r"\([ ]?01[ ]?\)[ ]?[0-9OISBl]{14}"
            r"(?:[ ]?\([ ]?[0-9]{2}[ ]?\)[ ]?[A-Za-z0-9](?:[A-Za-z0-9\-./_+]{0,30}[A-Za-z0-9])?){0,6}"
        ),
    ),
    _number("device", "IMEI with check digit", "[0-9]{15}", is_imei),
    _number("device", "MAC address", r"[0-9A-Fa-f]{2}(?:[:\-][0-9A-Fa-f]{2}){5}(?!:)"),
    _number("licence", "DEA number with check digit", "[A-Z][A-Z9][0-9]{7}", is_dea),
    Recogniser(
        "licence",
        "NPI with check digit",
        re.compile(r"(?<![\w\-.])[1-9][0-9]{9}(?![\w\-])"),
        is_npi,
        re.compile(r"\bNPI\b"),
    ),
    _number("licence", "driver licence", "[A-Z][0-9]{3}-[0-9]{4}-[0-9]{4}"),
    _number(
        "health_plan",
        "Medicare number",
        r"[1-9][A-Z][A-Z0-9][0-9][ \-]?[A-Z][A-Z0-9][0-9][ \-]?[A-Z]{2}[0-9]{2}",
    ),
    _number("account", "IBAN", "[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?", is_iban),
    _number("account", "payment card", r"[3-6][0-9]{3}(?:[ \-]?[0-9]{3,6}){2,4}", is_card),
    _number("ssn", "SSN", "[0-9]{3}(?P<s>[ ]?-[ ]?)[0-9]{2}(?P=s)[0-9]{4}", is_ssn),
    _number("ssn", "masked SSN", "[*Xx#]{3}-[*Xx#]{2}-[0-9]{4}"),
    Recogniser(
        "ssn",
        "labelled SSN",
        labelled(_SSN_LABELS, r"[0-9]{3}[ .\-]?[0-9]{2}[ .\-]?[0-9]{4}(?!\w)|[0-9]{9}(?!\w)"),
        is_ssn,
    ),
    _number("other", "UID", r"[0-2](?:\.(?:0|[1-9][0-9]{0,39})){5,30}", is_long_uid),
    _number("other", "UUID-derived UID", r"2\.25\.[0-9]{20,39}"),
    _number("other", "surgical pathology number", "[A-Z]{1,2}[0-9]{2}-[0-9]{4,6}"),
)
