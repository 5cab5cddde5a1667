"""The forms in which an identifier gives itself away."""

from __future__ import annotations

import re
from functools import lru_cache

from probes.phi.leak.heard import compact, plain

_WORDS = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_WEB = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def forms(category: str, text: str) -> tuple[str, ...]:
    """What to search for, in letters and digits: names in either order, with and without initials; telephone numbers
    without the country's 1; web addresses without their scheme. Dates and ages are sought by meaning, not by form."""
    if category == "name":
        return tuple(dict.fromkeys(form for form in map(compact, _names(plain(text))) if form))
    if category in ("phone", "fax"):
        digits = re.sub(r"\D", "", text)
        return (digits.removeprefix("1") if len(digits) == 11 else digits,)
    return (compact(_WEB.sub("", text) if category == "url" else text),)


def _names(text: str) -> tuple[str, ...]:
    """A name as printed, turned round, and both without single letters."""
    first, comma, last = text.partition(",")
    turned = f"{last} {first}" if comma else _last_first(text)
    return (text, turned, _without_initials(text), _without_initials(turned))


def _last_first(text: str) -> str:
    words = _WORDS.findall(text)
    return " ".join([*words[-1:], *words[:-1]])


def _without_initials(text: str) -> str:
    return " ".join(word for word in _WORDS.findall(text) if len(word) > 1)
