"""Untrusted text made safe to look at: nothing invisible, nothing that reorders its surroundings, nothing endless."""

from __future__ import annotations

import re
import unicodedata

MAX_SHOWN = 6_000

_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"  # invisible, or marks of direction
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff"  # separators, bidirectional controls, specials
    "\ud800-\udfff"  # halves of surrogate pairs, which no file can hold
    "\U000e0000-\U000e0fff"  # tags and further variation selectors
    "]"
)
_PILED = re.compile(
    r"[^\W\d_]?(?P<marks>[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4,})"
)


def visible(text: str) -> str:
    """`text` with hidden characters spelled out as ⟨U+202E⟩, line ends as line feeds and at most three combining marks
    in a row, so that what a reader sees is all that there is."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _PILED.sub(_thin, text)
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def cut(text: str, limit: int) -> str:
    """The first `limit` characters, never ending between a letter and its combining mark."""
    if len(text) <= limit:
        return text
    end = limit
    while end > max(0, limit - 16) and unicodedata.combining(text[end]):
        end -= 1
    return text[:end]


def shown(text: str, limit: int = MAX_SHOWN) -> str:
    """`visible` text of at most `limit` characters; where it was longer, a note says so."""
    if len(text) <= limit:
        return visible(text)
    return f"{visible(cut(text, limit))} … [cut here: {len(text):,} characters in all]"


def label(text: str, limit: int) -> str:
    """`visible` text on one line of at most `limit` characters, for places that have no room to say more."""
    line = visible(" ".join(cut(text, 4 * limit).split()))
    return line if len(line) <= limit else cut(line, limit - 1).rstrip() + "…"


def _thin(found: re.Match[str]) -> str:
    marks = found["marks"]
    return found[0][: len(found[0]) - len(marks) + 3] + f"⟨{len(marks) - 3} more marks⟩"
