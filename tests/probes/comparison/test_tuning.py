"""Choosing prompts: never on what they are tested on, by the first maximum, over answers that all prompts have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.item import Item
from audit.core.observation import Observation
from audit.core.query import Query, ask
from probes.comparison.tuning import MOST, best, split


def items(sizes: list[int]) -> list[Item]:
    query = Query(ask("?"))
    return [Item(f"q{c}-{i}", f"c{c}", query, "A") for c, size in enumerate(sizes) for i in range(size)]


@given(st.lists(st.integers(1, 30), min_size=2, max_size=60), st.integers(0, 99))
def test_no_cluster_is_in_both_parts_and_none_is_lost(sizes: list[int], seed: int) -> None:
    parts = split(items(sizes), np.random.default_rng(seed))
    assert parts is not None
    assert not parts.validation & parts.test
    assert len(parts.validation | parts.test) == len(sizes)
    assert parts.validation
    assert parts.test
    held = sum(size for c, size in enumerate(sizes) if f"c{c}" in parts.validation)
    assert held <= max(0.2 * sum(sizes), *sizes)


def test_a_fifth_chooses_and_five_hundred_at_most() -> None:
    parts = split(items([1] * 100), np.random.default_rng(0))
    large = split(items([1] * 5000), np.random.default_rng(0))
    assert parts is not None
    assert large is not None
    assert (len(parts.validation), len(large.validation)) == (20, MOST)
    assert parts == split(items([1] * 100), np.random.default_rng(0))
    assert split(items([9]), np.random.default_rng(0)) is None


def row(item: int, value: float | None) -> Observation:
    outcome = "error" if value is None else "correct" if value else "wrong"
    return Observation("toy", f"q{item}", f"c{item}", "model", "strict", outcome, value)  # type: ignore[arg-type]


def told(*values: float | None) -> list[Observation]:
    return [row(i, value) for i, value in enumerate(values)]


def test_the_first_maximum_wins_and_test_items_do_not_count() -> None:
    rows = {0: told(0, 1, 0, 0), 1: told(1, 1, 0, 0), 2: told(1, 1, 0, 0), 3: told(0, 0, 1, 1)}
    assert best(rows, frozenset({"c0", "c1"})) == (1, {0: 0.5, 1: 1.0, 2: 1.0, 3: 0.0})
    assert best(rows, frozenset({"c2", "c3"}))[0] == 3


def test_a_question_without_an_answer_under_one_prompt_counts_for_none() -> None:
    rows = {0: told(1, 0, 1), 1: told(1, 0, None)}
    assert best(rows, frozenset({"c0", "c1", "c2"})) == (0, {0: 0.5, 1: 0.5})
    with pytest.raises(ValueError, match="validation"):
        best({0: told(1), 1: told(None)}, frozenset({"c0"}))
