"""Batches: complete, alike, longest first; what fails costs the rest nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.answer import Answer
from audit.core.image import Image
from audit.core.query import Decoding, Query, ask
from audit.models.torch_batches import ask_safely, batches

IMAGE = Image.of(np.zeros((2, 2), dtype=np.uint8))

some_queries = st.lists(
    st.builds(
        lambda count, text, how, limit: Query(ask(*[IMAGE] * count, text), how=how, decoding=Decoding(limit)),
        st.integers(0, 2),
        st.text(alphabet="a", max_size=6),
        st.sampled_from(["generate", "choose", "likelihood"]),
        st.sampled_from([4, 8]),
    ),
    max_size=20,
)


@given(queries=some_queries, size=st.integers(1, 5))
def test_each_query_once_and_only_with_its_like(queries: list[Query], size: int) -> None:
    found = list(batches(queries, size))
    assert sorted(index for batch in found for index in batch) == list(range(len(queries)))
    for batch in found:
        assert len(batch) <= size
        several = [queries[index] for index in batch]
        assert len({(query.how, len(query.images)) for query in several}) == 1
        if several[0].how == "generate":
            assert len({query.decoding for query in several}) == 1
        lengths = [len(query.text) for query in several]
        assert lengths == sorted(lengths, reverse=True)


class OutOfMemoryError(RuntimeError):
    """As torch's: a RuntimeError of this name."""


def test_out_of_memory_halves_the_batch() -> None:
    sizes: list[int] = []
    freed: list[int] = []

    def answer(queries: Sequence[Query]) -> list[Answer]:
        sizes.append(len(queries))
        if len(queries) > 2:
            raise OutOfMemoryError("too much")
        return [Answer(query.text) for query in queries]

    queries = [Query(ask(str(number))) for number in range(8)]
    found = ask_safely(answer, queries, lambda: freed.append(1))
    assert [one.text for one in found] == [str(number) for number in range(8)]
    assert sizes == [8, 4, 2, 2, 4, 2, 2]
    assert len(freed) == 3


def test_one_failure_stays_one() -> None:
    def answer(queries: Sequence[Query]) -> list[Answer]:
        if any(query.text == "bad" for query in queries):
            raise ValueError("no\n good")
        return [Answer("fine") for _ in queries]

    queries = [Query(ask(text)) for text in ("a", "bad", "b")]
    found = ask_safely(answer, queries, lambda: None)
    assert [one.status for one in found] == ["ok", "error", "ok"]
    assert found[1].detail == "ValueError: no good"


def test_a_fault_of_ours_is_not_hidden() -> None:
    def answer(queries: Sequence[Query]) -> list[Answer]:
        raise AttributeError("a bug")

    with pytest.raises(AttributeError):
        ask_safely(answer, [Query(ask("a"))], lambda: None)
