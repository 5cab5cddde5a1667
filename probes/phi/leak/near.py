"""Approximate search: whether a text holds a pattern but for a few slips of reading."""

from __future__ import annotations

from itertools import pairwise

LETTERS_PER_ERROR = 6


def errors_allowed(length: int) -> int:
    """How many slips a value of so many letters and digits may have and still be told: one in six."""
    return length // LETTERS_PER_ERROR


def holds(text: str, pattern: str, errors: int) -> bool:
    """Whether some part of `text` is at most `errors` edits (insert, delete, replace) away from `pattern`.

    Exact (Sellers, J. Algorithms 1980), and fast where there is nothing: of `errors` + 1 pieces of the pattern one is
    left whole by so few edits, and only the neighbourhoods of whole pieces are compared.
    """
    if errors >= len(pattern):
        return True
    for start, piece in _pieces(pattern, errors + 1):
        at = text.find(piece)
        while at >= 0:
            first = max(0, at - start - errors)
            if distance(text[first : at - start + len(pattern) + errors], pattern) <= errors:
                return True
            at = text.find(piece, at + 1)
    return False


def distance(text: str, pattern: str) -> int:
    """The fewest edits that turn `pattern` into some part of `text`: 0 to its length."""
    column = list(range(len(pattern) + 1))
    best = column[-1]
    for letter in text:
        diagonal, column[0] = column[0], 0
        for place, wanted in enumerate(pattern, 1):
            above = column[place]
            column[place] = min(diagonal + (letter != wanted), above + 1, column[place - 1] + 1)
            diagonal = above
        best = min(best, column[-1])
    return best


def _pieces(pattern: str, count: int) -> list[tuple[int, str]]:
    """`pattern` cut into `count` pieces of nearly equal length, each with its place."""
    edges = [len(pattern) * part // count for part in range(count + 1)]
    return [(low, pattern[low:high]) for low, high in pairwise(edges)]
