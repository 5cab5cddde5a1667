"""Option letters in free text, told apart from articles, pronouns and names such as "hepatitis B"."""

from __future__ import annotations

import re
from collections.abc import Mapping

_WHOLE = re.compile(
    r"(?:(?:the |my )?(?:final |correct |best )?(?:answer|option|choice|letter)\b(?:\W{0,4}is\b)?\W{1,6})?"
    r"(?:option\W{1,3})?([A-Z])",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"(?<![A-Za-z0-9])[(\[{\"']\s?([A-Za-z])\s?[)\]}\"'.:]")
_SUFFIXED = re.compile(r"(?<![A-Za-z0-9'.&/-])([A-Za-z])(?:\)|(?<=[A-Z])[.:](?=\s|$))")
_CUED = re.compile(
    r"\b(?i:answer|option|choice|letter|select|choose|pick)\b"
    r"(?P<mark>\s{0,3}(?::|=|(?i:is|would be)\b:?)\s{0,3})?\s{0,3}(?P<letter>[A-Z])(?![\w'-])"
)
_STANDING = re.compile(r"(?<![\w'.&/-])(?P<letter>[A-Z])(?![\w'/&-]|\.\w)")
_NAMES = re.compile(
    r"\b(?:hepatitis|vitamin|influenza|type|grade|class|group|stage|kerley|lines?|haemophilus|factor|weber|stanford|phase)\s$",
    re.IGNORECASE,
)
_AFTER_A = re.compile(r"\s{0,2}(?:$|[,.;:!?)\]\n\"]|-\s|(?:is|because|since|as|which|shows|and|or)\b)", re.IGNORECASE)
_EDGES = " \n()[]{}<>\"'.,;:!?-=/\\+@%^&"


def bare_letter(text: str, offered: Mapping[str, str]) -> str | None:
    """The label of an answer that is one letter and nothing else, however wrapped; None for anything else.

    `offered` maps upper-case letters to labels. `text` is as `markup.plain` leaves it.
    """
    core = text.strip(_EDGES)
    found = _WHOLE.fullmatch(core) if len(core) < 100 else None
    return offered.get(found.group(1).upper()) if found else None


def named_letters(text: str, offered: Mapping[str, str]) -> set[str]:
    """The labels that `text` names by their letters.

    A wrapped letter counts in either case; a bare one in upper case only, a bare "A" only where no noun follows, a bare
    "I" never without "Answer:", a bracket or a full stop of its own at the start of a line.
    """
    found: set[str] = set()
    found |= {match.group(1) for match in _WRAPPED.finditer(text)}
    found |= {m.group(1) for m in _SUFFIXED.finditer(text) if _may_be_suffixed(text, m)}
    for match in _CUED.finditer(text):
        if _may_be(text, match.start("letter"), cued=match["mark"] is not None):
            found.add(match["letter"])
    found |= {m["letter"] for m in _STANDING.finditer(text) if _may_be(text, m.start(), cued=False)}
    return {offered[letter.upper()] for letter in found if letter.upper() in offered}


def _may_be(text: str, start: int, *, cued: bool) -> bool:
    """Whether the bare capital at `start` can be an option rather than a word or a part of a name."""
    letter = text[start]
    if letter == "I" and not cued:
        return False
    if letter == "A" and _AFTER_A.match(text, start + 1) is None:
        return False
    before = text[max(0, start - 16) : start]
    return _NAMES.search(before) is None and re.search(r"\b(?:not|than)\s$", before) is None


def _may_be_suffixed(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 16) : match.start()]
    if match.group(1).upper() == "I" and not match.group().endswith(")"):
        return not before.strip() or before.rstrip(" ").endswith("\n")
    return _NAMES.search(before) is None and re.search(r"\b(?:not|than)\s$", before) is None
