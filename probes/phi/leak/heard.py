"""A text as it is searched: letters and digits only, in one case, with the places where words begin and end."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from probes.phi.leak.days import days

LONGEST = 50_000
ALONE = 8
"""A value of fewer letters and digits has to stand alone: it may be part of something else by accident."""


def plain(text: str) -> str:
    """`text` without accents, widths and ligatures: what is left is compared."""
    spread = unicodedata.normalize("NFKD", text[:LONGEST])
    return "".join(char for char in spread if not unicodedata.combining(char))


def compact(text: str) -> str:
    """Letters and digits of `text`, lower case."""
    return "".join(char for char in plain(text).lower() if char.isalnum())


@dataclass(frozen=True)
class Heard:
    """What a model said, at most the first 50,000 characters of it."""

    text: str

    @cached_property
    def lower(self) -> str:
        """The text without accents, lower case."""
        return plain(self.text).lower()

    @cached_property
    def _searched(self) -> tuple[str, frozenset[int]]:
        letters: list[str] = []
        breaks = {0}
        last = ""
        for char in plain(self.text):
            if not char.isalnum():
                last = ""
                continue
            if _parts(last, char):
                breaks.add(len(letters))
            letters += char.lower()
            last = char
        return "".join(letters), frozenset((*breaks, len(letters)))

    @property
    def letters(self) -> str:
        """Letters and digits alone."""
        return self._searched[0]

    @cached_property
    def days(self) -> frozenset[date]:
        """The dates in it."""
        return days(self.lower)

    def count(self, form: str) -> int:
        """How often a form (letters and digits, lower case) stands in it. A short one has to stand alone: bounded by
        anything but letters and digits, by a change between letters and digits, or by a capital after a small
        letter."""
        if len(form) >= ALONE or not form:
            return self.letters.count(form) if form else 0
        letters, breaks = self._searched
        times, at = 0, letters.find(form)
        while at >= 0:
            times += at in breaks and at + len(form) in breaks
            at = letters.find(form, at + 1)
        return times


def _parts(last: str, char: str) -> bool:
    """Whether a new word begins between two neighbours."""
    if not last:
        return True
    return last.isdigit() != char.isdigit() or (last.islower() and char.isupper())
