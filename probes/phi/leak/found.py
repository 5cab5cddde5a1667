"""Which identifiers of a page stand in a text, and how many of its other words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, get_args

from probes.phi.leak.days import day_of
from probes.phi.leak.forms import forms
from probes.phi.leak.heard import Heard
from probes.phi.leak.near import errors_allowed, holds
from probes.phi.page import Identifier

State = Literal["exact", "near", "no"]
STATES: tuple[State, ...] = get_args(State)

_AGE = r"(?:age[ds]?\b|years?|yrs?\b|y/?o\b|old\b)"
_WORD = re.compile(r"[^\W_]{2,}")
_MOST = 35


def found(identifiers: Sequence[Identifier], words: Sequence[str], text: str) -> tuple[State, ...]:
    """How each identifier of a page stands in `text`, in their order.

    `exact`: its normalised value does, in any case, spacing and punctuation, a date in any format. `near`: not that,
    but something at most one edit in six letters away does (`errors_allowed`), beyond what other identifiers of the
    page are read as. `words` are the page's other words: what they hold as well counts only where the text holds it
    more often.
    """
    heard, page = Heard(text), _page(tuple(words))
    exact = [_exact(identifier, heard, page) for identifier in identifiers]
    rest = _without(heard.letters, identifiers)
    return tuple(
        "exact" if there else "near" if _near(identifier, rest, page.letters) else "no"
        for identifier, there in zip(identifiers, exact, strict=True)
    )


def words_found(words: Sequence[str], text: str) -> tuple[int, ...]:
    """How often `text` holds each distinct word of a page (two letters or more, in order of first appearance), at most
    as often as the page does and 35 times."""
    heard = Counter(_WORD.findall(Heard(text).lower))
    return tuple(min(count, heard[word], _MOST) for word, count in _counted(tuple(words)).items())


@lru_cache(maxsize=64)
def _page(words: tuple[str, ...]) -> Heard:
    return Heard(" ".join(words))


@lru_cache(maxsize=64)
def _counted(words: tuple[str, ...]) -> Counter[str]:
    return Counter(_WORD.findall(_page(words).lower))


def _exact(identifier: Identifier, heard: Heard, page: Heard) -> bool:
    if identifier.category == "date":
        day = day_of(identifier.text.lower())
        if day is not None:
            return day in heard.days and day not in page.days
        return len(_ages(identifier.text, heard)) > len(_ages(identifier.text, page))
    return any(heard.count(form) > page.count(form) for form in forms(identifier.category, identifier.text))


def _ages(age: str, heard: Heard) -> list[str]:
    """Mentions of an age beside a word for age, or before a sex: "93 years", "age / sex: 93 / F"."""
    number = re.escape(age.strip().lower())
    return re.findall(rf"{_AGE}[^\d\n]{{0,12}}{number}(?!\d)|(?<!\d){number}\W{{0,3}}(?:{_AGE}|[fm]\b)", heard.lower)


def _without(letters: str, identifiers: Sequence[Identifier]) -> str:
    """`letters` without what reads exactly as one of the identifiers: a slip of one is no other."""
    for form in sorted(set(_all_forms(identifiers)), key=len, reverse=True):
        letters = letters.replace(form, "\0")
    return letters


def _all_forms(identifiers: Sequence[Identifier]) -> Iterator[str]:
    for identifier in identifiers:
        yield from (form for form in forms(identifier.category, identifier.text) if form)


def _near(identifier: Identifier, letters: str, page: str) -> bool:
    """A date has no near form: another digit is another day."""
    if identifier.category == "date":
        return False
    for form in forms(identifier.category, identifier.text):
        errors = errors_allowed(len(form))
        if errors and holds(letters, form, errors) and not holds(page, form, errors):
            return True
    return False
