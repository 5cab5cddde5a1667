"""The approximate search finds exactly what a search through all parts finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from probes.phi.leak.near import distance, errors_allowed, holds

LETTERS = st.text("abc", max_size=14)


def edits(one: str, other: str) -> int:
    """Levenshtein's distance by its definition, memory for speed."""
    table = [[i + j if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            )
    return table[-1][-1]


def best(text: str, pattern: str) -> int:
    return min(edits(text[i:j], pattern) for i in range(len(text) + 1) for j in range(i, len(text) + 1))


@given(LETTERS, st.text("abc", min_size=1, max_size=7))
def test_the_distance_is_that_of_the_best_part(text: str, pattern: str) -> None:
    assert distance(text, pattern) == best(text, pattern)


@given(LETTERS, st.text("abc", min_size=1, max_size=7), st.integers(0, 3))
def test_holds_misses_nothing_and_invents_nothing(text: str, pattern: str, errors: int) -> None:
    assert holds(text, pattern, errors) == (best(text, pattern) <= errors)


def test_one_slip_in_six_letters_is_allowed() -> None:
    assert [errors_allowed(length) for length in (0, 5, 6, 11, 12, 17)] == [0, 0, 1, 1, 2, 2]
