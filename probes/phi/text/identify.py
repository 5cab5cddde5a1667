"""Identifiers in a text, by recognisers in a fixed order, then what was found once wherever it stands again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from probes.phi.text.lexicon import AMBIGUOUS, COMMON
from probes.phi.text.span import Span
from probes.phi.text.table import RECOGNISERS

REPEATED = "repeated"
_LEAST = 4  # letters and digits of a value that is looked for again
_ORGANISED = frozenset({"institution", "labelled institution", "employer"})
_VISIBLE = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def identify(text: str) -> tuple[Span, ...]:
    """The identifiers of `text`, in order; spans do not overlap.

    Where two recognisers claim the same characters, the one that stands earlier in the table keeps them and the other
    what is left. A value that was found once is an identifier wherever else it stands, a person's surname too.
    """
    found = _disjoint(text, (span for one in RECOGNISERS for span in one.spans(text)))
    return _disjoint(text, [*found, *_again(text, found)])


def _disjoint(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Earlier spans keep what they claim; later ones keep what is left, where a letter or digit is."""
    free = bytearray(b"\1") * len(text)
    kept: list[Span] = []
    for span in spans:
        at = span.start
        while (start := free.find(1, at, span.end)) >= 0:
            end = free.find(0, start, span.end)
            at = span.end if end < 0 else end
            if _VISIBLE.search(text, start, at):
                kept.append(replace(span, start=start, end=at))
                free[start:at] = bytes(at - start)
    return tuple(sorted(kept))


def _again(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Other places of the values found, and of the words of people's names."""
    places: dict[str, list[int]] = {}
    for word in re.finditer(r"\w+", text):
        places.setdefault(word[0], []).append(word.start())
    for value, category in _wanted(text, found).items():
        first = re.search(r"\w+", value)
        for place in places.get(first[0], ()) if first else ():
            start = place - (first.start() if first else 0)
            end = start + len(value)
            if start >= 0 and text.startswith(value, start) and not (_in_word(text, start) or _in_word(text, end)):
                yield Span(start, end, category, REPEATED)


def _wanted(text: str, found: Iterable[Span]) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for span in found:
        value = span.of(text)
        if len(_VISIBLE.findall(value)) >= _LEAST and value.lower() not in COMMON:
            wanted.setdefault(value, span.category)
        if span.category == "name" and span.how not in _ORGANISED:
            for word in _WORD.findall(value):
                if len(word) > 2 and word.lower() not in COMMON | AMBIGUOUS:
                    wanted.setdefault(word, "name")
    return wanted


def _in_word(text: str, place: int) -> bool:
    """Whether `place` divides a word."""
    return 0 < place < len(text) and _is_word(text[place - 1]) and _is_word(text[place])


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"
