"""A recogniser: a pattern, and what must be true of what it matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from probes.phi.text.span import Span

BEFORE = 48
"""Characters before a match in which its context words may stand."""
LETTERLESS = r"(?<![A-Za-z])"
"""Not in the middle of a word."""


@dataclass(frozen=True)
class Recogniser:
    """Finds identifiers of one category.

    The identifier is the group `v` of `pattern`, or the whole match. `valid` is asked about its characters: a check
    digit, a calendar. `near` must occur in the `BEFORE` characters before it, on the same or the preceding line.
    Repetitions in patterns are bounded and start at the beginning of a word, so that no text takes long.
    """

    category: str
    how: str
    pattern: re.Pattern[str]
    valid: Callable[[str], bool] | None = None
    near: re.Pattern[str] | None = None

    def spans(self, text: str) -> Iterator[Span]:
        """Its findings in `text`, in order."""
        group = "v" if "v" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            start, end = match.span(group)
            if start >= end or (self.valid is not None and not self.valid(text[start:end])):
                continue
            if self.near is None or self.near.search(_before(text, start)):
                yield Span(start, end, self.category, self.how)


def _before(text: str, start: int) -> str:
    lines = text[max(0, start - BEFORE) : start].rsplit("\n", 2)
    return "\n".join(lines[-2:])


def words(*phrases: str) -> str:
    """An alternation of phrases, the longest first. A space in a phrase stands for white space with at most one
    line break, or none (OCR loses spaces), "." for an optional full stop."""
    parts = sorted(phrases, key=len, reverse=True)
    space = r"[ \t]*\n?[ \t]*"
    return "(?:" + "|".join(re.escape(p).replace(r"\ ", space).replace(r"\.", r"\.?") for p in parts) + ")"


_CLOSED = r"[\"'*_)\]]{0,3}"  # what may close a label: a quote, a bracket, the marks of bold type
_NUMBERED = r"(?:[ \t]*(?:no|nr|num|number|nbr|id|is|was|of|are|\#)\b\.?|[ \t]*\#)?"
SEPARATOR = rf"{_CLOSED}{_NUMBERED}[ \t]*[:=#|]?[\"'*_ \t|]*(?:\n[ \t|*]*)?[\"']?"
"""What may stand between a label and its value: punctuation, quotes, table bars, one line break."""
STRONG_SEPARATOR = rf"{_CLOSED}[ ]*(?::|\||\t|[ ]{{2,}}|=|\n[ \t|]*)[\"'*_ \t|]*"
"""The same, but more than a single space."""


def labelled(labels: str, value: str, separator: str = SEPARATOR) -> re.Pattern[str]:
    """Pattern of a value behind one of `labels` (an alternation, in any case); the value is group `v`."""
    return re.compile(rf"{LETTERLESS}(?i:{labels}){separator}(?P<v>{value})")
