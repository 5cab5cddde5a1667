"""Recognisers of geographic units smaller than a state: streets, cities, ZIP codes."""

from __future__ import annotations

import re
from typing import Final

from probes.phi.text.lexicon import COMMON, STATE_NAMES, STATES, STREET_KINDS
from probes.phi.text.recogniser import Recogniser, labelled, words

_STATE = rf"(?:(?:{'|'.join(STATES)})(?![A-Za-z])|{words(*STATE_NAMES)}(?![A-Za-z]))"
_ZIP = r"[0-9OIl]{5}(?:[ ]?-[ ]?[0-9]{4})?(?![0-9\-])"
_CITY_WORD = r"(?<![A-Za-z'’])(?:St\.|[A-Z][A-Za-zà-ÿ'’\-]{1,30}(?![A-Za-zà-ÿ'’\-]))"
_CITY = rf"{_CITY_WORD}(?:[ ]{_CITY_WORD}){{0,3}}"
_KIND = rf"(?i:{'|'.join(STREET_KINDS)})\b"
_FLAT = r"(?:[ ]?,?[ ]?(?i:apt|apartment|suite|ste|unit|room|floor|\#)\.?[ ]?[A-Za-z0-9\-]{1,6})?"
_DIRECTION = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?[ ]+)?"


def is_place(text: str) -> bool:
    """Not a word of forms and reports."""
    return all(word.lower().strip(".'") not in COMMON for word in re.split(r"[ \-]", text) if word)


_STREET = rf"(?<![\w.,/\-$])[0-9]{{1,6}}[A-Za-z]?[ ]?{_DIRECTION}(?:[A-Z][\w'’.\-]{{0,30}}[ ]?|[0-9]{{1,3}}(?:st|nd|rd|th)[ ]){{1,4}}?(?<=[\w ]){_KIND}\.?{_FLAT}"

PLACES: Final = (
    Recogniser("geographic", "street", re.compile(_STREET)),
    Recogniser("geographic", "city behind the street", re.compile(rf"{_STREET}[ ]?[,\n][ \n]*(?P<v>{_CITY})(?=[ ]?(?:,|{_STATE}))"), is_place),
    Recogniser("geographic", "post box", re.compile(r"(?i)\bP\.?[ ]?O\.?[ ]?Box[ ]?[0-9]{1,6}\b")),
    Recogniser("geographic", "city before the state", re.compile(rf"(?P<v>{_CITY})[ ]?,[ ]?{_STATE}(?=[ ,]*{_ZIP}|[ \t]*(?:$|[.,;)|\n\t]|[ ]{{2}}))", re.M), is_place),
    Recogniser("geographic", "city before state and ZIP code", re.compile(rf"(?P<v>{_CITY})[ \t]?,?[ \t]?{_STATE}[ ,]*{_ZIP}")),
    Recogniser("geographic", "ZIP code behind the state", re.compile(rf"(?<![A-Za-z]){_STATE}[ ,]{{0,3}}(?P<v>{_ZIP})")),
    Recogniser("geographic", "ZIP+4", re.compile(r"(?<![\w\-.])[0-9]{5}-[0-9]{4}(?![\w\-])")),
    Recogniser("geographic", "labelled ZIP code", labelled(words("zip", "zip code", "zipcode", "postal code", "postcode"), _ZIP)),
    Recogniser("geographic", "labelled UK postcode", labelled(words("postcode", "postal code"), r"[A-Z]{1,2}[0-9][A-Z0-9]?[ ]?[0-9][A-Z]{2}\b")),
    Recogniser("geographic", "labelled city", labelled(words("city", "town", "city of residence", "birthplace", "place of birth", "county"), _CITY), is_place),
    Recogniser("geographic", "county", re.compile(rf"(?P<v>{_CITY_WORD}(?:[ ]{_CITY_WORD})?[ ]County)\b"), is_place),
    Recogniser(
        "geographic",
        "where somebody lives",
        re.compile(rf"\b(?i:lives?|living|resid(?:es?|ing)|residents?|born|raised|native|man|woman|male|female|patient|gentleman|lady|boy|girl|moved|commutes?)[ \t]*(?:in|from|of|to|at)[ \t\n]*(?P<v>{_CITY})"),
        is_place,
    ),
)  # fmt: skip
