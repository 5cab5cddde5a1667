"""Recognisers of names: of people by title, degree, label, form or a known given name; of institutions by kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from probes.phi.text import name_shapes as shapes
from probes.phi.text.lexicon import AMBIGUOUS, COMMON, GIVEN, INSTITUTION_KINDS
from probes.phi.text.name_shapes import CAPITALISED, DEGREE, FULL, INITIAL, LISTED, PARTICLES, UPPER, WORD
from probes.phi.text.recogniser import LETTERLESS, SEPARATOR, Recogniser, words

_INITIAL = re.compile(r"(?<![A-Za-z])[A-Z](?![A-Za-z'’])|[a-z][A-Z]\.")


def tokens(text: str) -> list[str]:
    """The words of a name without initials, lower case."""
    return [word for word in re.findall(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*", text.lower()) if len(word) > 1]


def is_name(text: str) -> bool:
    """At least one word, none of them one of forms and reports unless an initial or a common given name is there."""
    found = tokens(text)
    common = sum(word in COMMON for word in found)
    certain = any(word in GIVEN for word in found) or _INITIAL.search(text) is not None
    return bool(found) and (not common or (common < len(found) and certain))


def is_certain(text: str) -> bool:
    """A name with an initial or a common given name."""
    return is_name(text) and (_INITIAL.search(text) is not None or any(word in GIVEN for word in tokens(text)))


def is_titled(text: str) -> bool:
    """What may stand behind a title: surnames that are ordinary words too."""
    return any(word not in COMMON or word in AMBIGUOUS for word in tokens(text))


def starts_known(text: str) -> bool:
    """A name whose first word is a common given name, with nothing of a form in it."""
    found = tokens(text)
    return len(found) > 1 and found[0] in GIVEN and (found[-1] not in COMMON or found[-1] in AMBIGUOUS)


def listed_known(text: str) -> bool:
    """Behind the comma of "Surname, Given" stands a common given name."""
    behind = tokens(text.partition(",")[2])
    return bool(behind) and behind[0] in GIVEN and is_name(text)


def is_firm(text: str) -> bool:
    """A name of more than a form's own words."""
    return any(word not in COMMON for word in tokens(text))


def _name(how: str, pattern: str, valid: Callable[[str], bool] = is_name, ends: str = shapes.ENDS) -> Recogniser:
    return Recogniser("name", how, re.compile(rf"{LETTERLESS}{pattern}{ends}"), valid)


def _behind_label(how: str, gap: str, value: str) -> Recogniser:
    return _name(how, rf"(?i:{shapes.PEOPLE}){gap}(?P<v>{value})")


_SIGNED = rf"(?P<v>{FULL})[ ]?,?[ ]?{DEGREE}"
_KIND = words(*INSTITUTION_KINDS)
_PLACED = r"(?:(?:St\.|[A-Z0-9][\w'’\-]{0,30})[ ](?:of[ ](?:the[ ])?)?){1,4}?"

SIGNED: Final = (_name("degree", _SIGNED, is_certain, ends="(?![A-Za-z])"),)
"""Before places: "Ivan E. Okafor, MD" is nobody's city."""

NAMES: Final = (
    Recogniser(
        "name",
        "DICOM person name",
        re.compile(r"(?<![\w^])[A-Za-zÀ-ÿ'’\-]{2,40}(?:\^[A-Za-zÀ-ÿ'’.\-]{0,40}){1,4}(?![\w^])"),
        lambda text: bool(tokens(text)),
    ),
    _name("title", rf"{shapes.TITLED}(?P<v>{shapes.SPOKEN})", is_titled),
    _name("degree, by shape", _SIGNED, ends="(?![A-Za-z])"),
    _name("sex in brackets", rf"(?P<v>{UPPER}(?:[ ,^]{{1,2}}{UPPER}){{0,2}}) ?[\[(][MFUO][\])]", ends=""),
    _behind_label("labelled list form", shapes.GAP, LISTED),
    _behind_label("labelled", shapes.STRONG_GAP, FULL),
    _behind_label("labelled with initial", shapes.GAP, rf"{WORD}[ ]?{INITIAL}[ ]?{WORD}"),
    _behind_label("labelled single word", r"[ ]?[:=][ \"'*]*", f"{CAPITALISED}|{UPPER}"),
    _name("relative", rf"(?i:{shapes.RELATIVES})[ ,]{{1,2}}(?P<v>{FULL})"),
    _name("patient in a note", rf"(?:[Pp]t|PT)\.?[ ](?P<v>{CAPITALISED}(?:[ ]{CAPITALISED})?)", is_titled),
    _name("name and age", rf"(?P<v>{FULL})(?=[ ](?:is|was)[ ]an?[ ][0-9]|,[ ](?:an?[ ])?[0-9]{{1,3}}[ \-](?:y|m))"),
    _name("initial", rf"(?P<v>{CAPITALISED}[ ]?[A-Z]\.[ ]?{PARTICLES}{CAPITALISED})"),
    _name(
        "list form with initial",
        rf"(?P<v>{CAPITALISED}[ ]?,[ ]?{CAPITALISED}[ ]?[A-Z]\.|{UPPER}[ ]?,[ ]?{UPPER}[ ][A-Z])",
    ),
    _name("list form, known given name", rf"(?P<v>{LISTED})", listed_known),
    _name("known given name", rf"(?P<v>{FULL})", starts_known),
)

ORGANISATIONS: Final = (
    _name("institution", rf"(?P<v>{_PLACED}{_KIND})", is_firm, ends="(?![a-z])"),
    _name("employer", rf"(?i:{shapes.EMPLOYERS}){SEPARATOR}(?P<v>{shapes.FIRM})", is_firm, ends=""),
    _name(
        "labelled institution",
        rf"(?i:{shapes.INSTITUTIONS})[ ]?(?::|\||=|\t)[\"'* \t|]*(?P<v>{shapes.FIRM})",
        is_firm,
        ends="",
    ),
)
