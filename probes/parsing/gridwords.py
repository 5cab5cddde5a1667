"""The words for the rows and columns of a grid, and the patterns in which answers put them together."""

from __future__ import annotations

import re
from functools import lru_cache

_ORDINALS = ("first|1st|1", "second|2nd|2", "third|3rd|3", "fourth|4th|4", "fifth|5th|5")
_TOP, _MIDDLE, _BOTTOM = "top(?:most)?|upper", "middle|mid|center|centre|central", "bottom(?:most)?|lower"
_LEFT, _RIGHT = "left(?:most)?", "right(?:most)?"
_BODY = (
    r"(?![ -]?(?:lobes?\b|lungs?\b|zones?\b|limb|extremit|abdom|legs?\b|arms?\b|hemi|ventric|thigh|kidney|pole|chest"
    r"|breast|jaw|back\b|atri|hil[ua]|heart|pleura|ribs?\b|femur|tibia))"
)
_PANEL = "(?:column|col|image|panel|scan|picture|one|position)"
_JOINT = r"[ ,;:()-]{0,3}(?:and |of |in |from |on |at )?(?:the )?"


def row_index(text: str, n: int) -> int:
    """The row (0-based) that a word matched by a pattern of `grid_patterns(n)` stands for."""
    return _index(text, _row_words(n))


def column_index(text: str, n: int) -> int:
    """The column (0-based) that a word matched by a pattern of `grid_patterns(n)` stands for."""
    return _index(text, _column_words(n))


@lru_cache(maxsize=8)
def grid_patterns(n: int) -> tuple[re.Pattern[str], ...]:
    """Patterns with groups `row` and `column`, to be tried in this order, each on what the earlier ones left.

    Words for the body are no positions: "left lower lobe", "upper left zone", "right lower quadrant".
    """
    row, column = "|".join(_row_words(n)), "|".join(_column_words(n))
    digit = f"[1-{n}]"
    top, side = "|".join(filter(None, _tops(n))), "|".join(filter(None, _sides(n)))
    patterns = (
        rf"\brow ?#?(?P<row>{row})\b{_JOINT}(?:col(?:umn)?\.? ?#?(?P<column>{column})\b)",
        rf"\bcol(?:umn)?\.? ?#?(?P<column>{column})\b{_JOINT}row ?#?(?P<row>{row})\b",
        rf"\brow ?#?(?P<row>{digit})\b{_JOINT}(?P<column>{column})[ -]{_PANEL}\b",
        rf"\b(?P<row>{row})[ -]row\b{_JOINT}(?:col(?:umn)?\.? ?#?)?(?P<column>{column})\b(?! from the right)",
        rf"\b(?P<column>{column})[ -]{_PANEL}\b(?! from the right){_JOINT}(?P<row>{row})[ -]row\b",
        rf"\bR ?(?P<row>{digit})[ ,]?C ?(?P<column>{digit})\b",
        rf"\b(?P<row>{top})[ \-/]{{0,3}}(?P<column>{side})(?![a-z]){_BODY}",
        rf"\b(?P<column>{side})(?:[ -]hand)?[ \-/]{{1,3}}(?P<row>{top})(?![a-z]){_BODY}(?! quadrant)",
    )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _tops(n: int) -> tuple[str, ...]:
    return {2: (_TOP, _BOTTOM), 3: (_TOP, _MIDDLE, _BOTTOM)}.get(n, (_TOP, *[""] * (n - 2), _BOTTOM))


def _sides(n: int) -> tuple[str, ...]:
    return {2: (_LEFT, _RIGHT), 3: (_LEFT, _MIDDLE, _RIGHT)}.get(n, (_LEFT, *[""] * (n - 2), _RIGHT))


@lru_cache(maxsize=8)
def _row_words(n: int) -> tuple[str, ...]:
    return _with_last(_tops(n))


@lru_cache(maxsize=8)
def _column_words(n: int) -> tuple[str, ...]:
    return _with_last(_sides(n))


def _with_last(named: tuple[str, ...]) -> tuple[str, ...]:
    words = [f"{number}|{word}" if word else number for number, word in zip(_ORDINALS, named, strict=False)]
    return (*words[:-1], f"{words[-1]}|last")


def _index(text: str, words: tuple[str, ...]) -> int:
    return next(index for index, word in enumerate(words) if re.fullmatch(word, text, re.IGNORECASE))
