"""Recognisers of telephone and fax numbers, e-mail and web addresses, and IP addresses."""

from __future__ import annotations

import re
from typing import Final

from probes.phi.text.checks import is_ip
from probes.phi.text.recogniser import Recogniser, labelled, words

_AREA = r"(?:\([ ]?[0-9]{3}[ ]?\)[ ]?[\-.]?|[0-9]{3}[ ]?[\-./ ])"
_LOCAL = r"[ ]?[0-9]{3}[ ]?[\-. ]?[ ]?[0-9]{4}(?![0-9])"
_EXTENSION = r"(?:[ ,]{0,3}(?:ext\.?|x)[ ]?[0-9]{1,6})?"
NUMBER: Final = rf"(?<![\w(+.])(?:\+?1[ .\-]?)?{_AREA}{_LOCAL}{_EXTENSION}"
"""A number of the North American Numbering Plan with its area code."""
_INTERNATIONAL = r"\+[1-9][0-9]{0,2}(?:[ .\-/]?\(?[0-9]{1,4}\)?){2,6}(?![0-9])"
_ANY = r"\+?\(?[0-9](?:[ .\-/()]{0,2}[0-9]){6,14}(?![\w/])"
_BEHIND_A_LABEL = f"{NUMBER}|{_INTERNATIONAL}|{_ANY}"
_PHONES = words(
    "tel.", "telephone", "phone", "mobile", "cell", "cell phone", "home phone", "work phone", "call", "call us at",
    "pager", "beeper", "ph.", "contact number", "PatientTelephoneNumbers", "voicemail", "reached at", "dial",
    "call her at", "call him at", "call me at", "reach me at", "reach me under", "telecom", "reach her at",
    "reach him at",
)  # fmt: skip
_FAXES = words("fax", "faxed to", "facsimile", "fax number", "fax at", "fax to", "by fax at", "telefax")
_TLD = (
    "(?:com|org|net|edu|gov|mil|int|info|biz|health|hospital|care|clinic|io|co|us|uk|de|ca|au|eu|fr|nl|ch|at|it|es"
    "|test|example|local)"
)
_PATH = r"[^\s<>\"'|)\]]{0,2000}[^\s<>\"'|)\].,;:]"
_HOSTS = r"(?:\.[a-z0-9\-]{1,63}){1,8}"

FAXES: Final = (
    Recogniser("fax", "fax number", labelled(_FAXES, _BEHIND_A_LABEL)),
    Recogniser("fax", "fax number behind the label", re.compile(rf"(?i:\bfax\b)[^0-9\n\t|(]{{0,24}}(?P<v>{NUMBER})")),
)

PHONES: Final = (
    Recogniser("phone", "labelled number", labelled(_PHONES, _BEHIND_A_LABEL)),
    Recogniser("phone", "telephone number", re.compile(NUMBER)),
    Recogniser("phone", "international number", re.compile(rf"(?<![\w+]){_INTERNATIONAL}")),
)


def _url(how: str, pattern: str) -> Recogniser:
    return Recogniser("url", how, re.compile(pattern, re.IGNORECASE))


ADDRESSES: Final = (
    Recogniser(
        "email",
        "e-mail address",
        re.compile(r"(?<![\w.+\-'])[A-Za-z0-9][\w.+\-']{0,63}[ ]?@[ ]?[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}", re.ASCII),
    ),
    _url("address with scheme", rf"\b(?:https?|ftp)[ ]?:[ ]?/[ ]?/{_PATH}"),
    _url("www", rf"\bwww\.[a-z0-9\-]{{1,63}}{_HOSTS}(?:/{_PATH})?"),
    _url(
        "domain",
        rf"(?<![\w@.\-/])(?=[a-z0-9.\-]{{4}})(?:[a-z0-9][a-z0-9\-]{{0,62}}\.){{1,8}}{_TLD}(?![\w\-]|\.[a-z])(?:/{_PATH})?",
    ),
    Recogniser("ip", "IPv4 address", re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\w|\.[0-9])"), is_ip),
    Recogniser(
        "ip", "IPv6 address", re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])"), is_ip
    ),
)
