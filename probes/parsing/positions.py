"""Positions in an n x n grid: their names, and which of them an answer names."""

from __future__ import annotations

import re
from functools import lru_cache

from probes.parsing.clauses import answer_clauses, denied, short_lines
from probes.parsing.gridwords import column_index, grid_patterns, row_index
from probes.parsing.markup import plain
from probes.parsing.nothing import says_nothing_differs
from probes.parsing.reading import Reading, only
from probes.parsing.refusal import is_refusal

NONE = "none"
_PANEL_NUMBER = re.compile(
    r"\b(?:image|panel|scan|picture|cell)\s?(?:no\.? |number |#)?([1-9]\d?)\b(?! ?(?:mm|cm|weeks?|days?))",
    re.IGNORECASE,
)
_CENTRE = re.compile(
    r"\b(?:middle|center|centre)\b"
    r"(?![ -](?:row|column|line|lobe|zone|third|finger|ear)| of the (?:abdomen|chest|lung))",
    re.IGNORECASE,
)


@lru_cache(maxsize=16)
def position_names(n: int) -> tuple[str, ...]:
    """The names of the n*n positions in reading order.

    2 x 2: top-left ... bottom-right; 3 x 3: top-left, top-center, ... middle-center ...; larger: "row 1, column 1".
    """
    rows, columns = {2: (("top", "bottom"), ("left", "right"))}.get(
        n, (("top", "middle", "bottom"), ("left", "center", "right"))
    )
    if n > 3:
        return tuple(f"row {row}, column {column}" for row in range(1, n + 1) for column in range(1, n + 1))
    return tuple(f"{row}-{column}" for row in rows for column in columns)


def named_positions(text: str, n: int) -> frozenset[str]:
    """Every position of an n x n grid that `text` names, by its canonical name.

    Reads "upper left", "left-bottom", "first row, second column", "row 2 column 3", "top row, third from the left",
    "image 3" (reading order) and, in 3 x 3, "center" for middle-center. Words about the body ("upper left lobe") name
    none, nor does a position that is denied ("not the top-left").
    """
    text, names = plain(text), position_names(n)
    found: set[str] = set()
    for pattern in grid_patterns(n):
        for match in pattern.finditer(text):
            if not denied(text, match.start()):
                found.add(names[row_index(match["row"], n) * n + column_index(match["column"], n)])
        text = pattern.sub(" ; ", text)
    for match in _PANEL_NUMBER.finditer(text):
        if int(match[1]) <= n * n and not denied(text, match.start()):
            found.add(names[int(match[1]) - 1])
    if n == 3:
        found |= {"middle-center" for match in _CENTRE.finditer(text) if not denied(text, match.start())}
    return frozenset(found)


def read_position(text: str, n: int) -> Reading:
    """The one position of an n x n grid that `text` names, or "none" where it says that nothing differs.

    What is announced as the answer ("Answer: ...", "The outlier is ...", a line that is nothing but a position) goes
    before what is mentioned. Two positions, or a position and "none", are `several_named`.
    """
    cleaned = plain(text)
    alone = [line for line in short_lines(cleaned) if _is_bare(line, n)]
    for places in ([*alone, *answer_clauses(cleaned)], [cleaned]):
        named = {name for place in places for name in _named(place, n)}
        if named:
            return only(named)
    return Reading(problem="refused" if is_refusal(cleaned) else "none_named")


def _named(text: str, n: int) -> set[str]:
    return set(named_positions(text, n)) | ({NONE} if says_nothing_differs(text) else set())


def _is_bare(line: str, n: int) -> bool:
    """Whether a line is one position (or "none") and nothing else worth a word."""
    return len(line.split()) <= 4 and len(_named(line, n)) == 1
