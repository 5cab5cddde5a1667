"""Recognisers of geographic units smaller than a state: streets, cities, ZIP codes."""

from __future__ import annotations

import re
from typing import Final

from probes.phi.text.lexicon import COMMON, OTHER_STREET_KINDS, STATE_NAMES, STATES, STREET_KINDS
from probes.phi.text.recogniser import Recogniser, labelled, words

_STATE = rf"(?:(?:{'|'.join(STATES)})(?![A-Za-z])|{words(*STATE_NAMES)}(?![A-Za-z]))"
_ZIP = r"[0-9OIl]{5}(?:[ ]?-[ ]?[0-9]{4})?(?![0-9\-])"
_CITY_WORD = r"(?<![A-Za-z'’])(?:St\.|[A-Z][A-Za-zà-ÿ'’\-]{1,30}(?![A-Za-zà-ÿ'’\-]))"
_CITY = rf"{_CITY_WORD}(?:[ ]{_CITY_WORD}){{0,3}}"
_KIND = rf"(?i:{'|'.join(STREET_KINDS)})\b"
_OTHER_KIND = rf"(?:{'|'.join(kind.capitalize() for kind in OTHER_STREET_KINDS)})\b"
_FLAT = r"(?:[ ]?,?[ ]?(?i:apt|apartment|suite|ste|unit|room|floor|\#)\.?[ ]?[A-Za-z0-9\-]{1,6})?"
_DIRECTION = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?[ ]+)?"
_STREET_WORDS = r"(?:[A-Z][\w'’.\-]{0,30}[ ]?|[0-9]{1,3}(?:st|nd|rd|th)[ ]){1,4}?"
_STREET = (
    rf"(?<![\w.,/\-$])[0-9]{{1,6}}[A-Za-z]?[ ]?{_DIRECTION}{_STREET_WORDS}(?<=[\w ])(?:{_KIND}|{_OTHER_KIND})\.?{_FLAT}"
)
_IN_A_FLAT = r"(?<![\w.,/\-$])[0-9]{2,6}[ ](?:[A-Z][a-z]{1,30}[ ]){1,3}(?:Apt|Suite|Ste|Unit)\.?[ ][A-Za-z0-9\-]{1,6}"
_ENDED = rf"(?=[ ,]*{_ZIP}|[ \t]*(?:$|[.,;)|\n\t]|[ ]{{2}}))"
_COMPOUND = "(?:North|South|East|West|New|Port|Lake|Fort|Mount|Saint|San|Santa|Los|Las|El)"
_WHOM = (
    "lives?|living|resid(?:es?|ing)|residents?|born|raised|native|man|woman|male|female|patient|gentleman|lady|boy"
    "|girl|moved|commutes?"
)


def is_place(text: str) -> bool:
    """Not words of forms and reports alone, nor one at its end: "New Canaan" is a place, "New Patient" none."""
    said = [word.lower().strip(".'") for word in re.split(r"[ \-]", text) if word]
    return bool(said) and said[-1] not in COMMON and any(word not in COMMON for word in said)


def _place(how: str, pattern: str | re.Pattern[str], checked: bool = True) -> Recogniser:
    compiled = re.compile(pattern, re.MULTILINE) if isinstance(pattern, str) else pattern
    return Recogniser("geographic", how, compiled, is_place if checked else None)


PLACES: Final = (
    _place("street", _STREET, checked=False),
    _place("city behind the street", rf"{_STREET}[ ]?[,\n][ \n]*(?P<v>{_CITY})(?=[ ]?(?:,|{_STATE}))"),
    _place("street with a flat", _IN_A_FLAT, checked=False),
    _place("labelled street", labelled(words("address", "street", "addr."), rf"[0-9]{{1,6}}[ ]{_CITY}"), checked=False),
    _place("street above the city", rf"^(?P<v>[0-9]{{2,6}}[ ]{_CITY})\n{_CITY},[ ]{_STATE}[ ]{_ZIP}", checked=False),
    _place("post box", r"(?i)\bP\.?[ ]?O\.?[ ]?Box[ ]?[0-9]{1,6}\b", checked=False),
    _place("city before the state", rf"(?P<v>{_CITY})[ ]?,[ ]?{_STATE}{_ENDED}"),
    _place("city before state and ZIP code", rf"(?P<v>{_CITY})[ \t]?,?[ \t]?{_STATE}[ ,]*{_ZIP}", checked=False),
    _place("ZIP code behind the state", rf"(?<![A-Za-z]){_STATE}[ ,]{{0,3}}(?P<v>{_ZIP})", checked=False),
    _place("ZIP+4", r"(?<![\w\-.])[0-9]{5}-[0-9]{4}(?![\w\-])", checked=False),
    _place("labelled ZIP code", labelled(words("zip", "zip code", "zipcode", "postal code", "postcode"), _ZIP), False),
    _place(
        "labelled UK postcode",
        labelled(words("postcode", "postal code"), r"[A-Z]{1,2}[0-9][A-Z0-9]?[ ]?[0-9][A-Z]{2}\b"),
        checked=False,
    ),
    _place(
        "labelled city",
        labelled(words("city", "town", "city of residence", "birthplace", "place of birth", "county"), _CITY),
    ),
    _place("county", rf"(?P<v>{_CITY_WORD}(?:[ ]{_CITY_WORD})?[ ]County)\b"),
    _place("compound name", rf"\b(?i:in|to|from|near|at)[ \t\n]+(?P<v>{_COMPOUND}[ ]{_CITY_WORD})"),
    _place("where somebody lives", rf"\b(?i:{_WHOM})[ \t]*(?:in|from|of|to|at)[ \t\n]*(?P<v>{_CITY})(?![ ]?County)"),
)
