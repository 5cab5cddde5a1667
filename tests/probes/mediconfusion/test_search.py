"""The search: exact, and the same as looking at every pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probes.mediconfusion import search
from probes.mediconfusion.search import confusable_pairs


def unit(n: int, d: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def everything(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.ones(len(first), dtype=bool)


def brute(one: np.ndarray, two: np.ndarray, alike: float, different: float, neighbours: int) -> set[tuple[int, int]]:
    near, far = one @ one.T, two @ two.T
    n = len(one)
    good = {(i, j) for i in range(n) for j in range(i + 1, n) if near[i, j] >= alike and far[i, j] <= different}
    kept = set()
    for i in range(n):
        own = sorted((pair for pair in good if i in pair), key=lambda pair: -near[pair])
        kept |= set(own[:neighbours])
    return kept


@given(st.integers(2, 60), st.integers(0, 5), st.sampled_from([1, 2, 8]), st.sampled_from([0.0, 0.3, 0.6]))
@settings(deadline=None, max_examples=60)
def test_it_finds_what_looking_at_all_pairs_finds(n: int, seed: int, neighbours: int, alike: float) -> None:
    one, two = unit(n, 4, seed), unit(n, 4, seed + 100)
    found = confusable_pairs(one, two, alike, 0.5, everything, neighbours)
    assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) == brute(one, two, alike, 0.5, neighbours)
    assert (np.diff(found.alike) <= 0).all()


def test_blocks_and_compaction_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = unit(150, 4, 1), unit(150, 4, 2)
    whole = confusable_pairs(one, two, 0.2, 0.5, everything, 3)
    for name, value in (("ROWS", 16), ("COLUMNS", 32), ("_GATHER", 7), ("_HELD", 50)):
        monkeypatch.setattr(search, name, value)
    small = confusable_pairs(one, two, 0.2, 0.5, everything, 3)
    assert whole.first.tolist() == small.first.tolist()
    assert whole.second.tolist() == small.second.tolist()


def test_only_pairs_that_may_be_kept_count_as_neighbours() -> None:
    one, two = unit(80, 3, 1), unit(80, 3, 2)
    found = confusable_pairs(one, two, -1.0, 1.0, lambda i, j: (i + j) % 2 == 1, 1)
    assert set(((found.first + found.second) % 2).tolist()) == {1}
    assert set(np.concatenate([found.first, found.second]).tolist()) == set(range(80))


def test_embeddings_of_other_images_are_refused() -> None:
    with pytest.raises(ValueError, match="3 and 2"):
        confusable_pairs(unit(3, 2, 0), unit(2, 2, 0), 0.9, 0.7, everything)
