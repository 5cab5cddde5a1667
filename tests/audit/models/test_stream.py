"""An event loop in a thread: everything comes through, and nothing stays behind."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from audit.models.stream import share, stream


def test_stream_gives_everything_and_then_the_error() -> None:
    async def work(emit) -> None:
        emit(1)
        await asyncio.sleep(0)
        emit(2)
        raise KeyError("x")

    items = stream(work, pytest.fail)
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(KeyError):
        next(items)


def test_stream_hands_back_what_was_not_taken() -> None:
    ended = threading.Event()
    rest: list[int] = []

    async def work(emit) -> None:
        try:
            for number in range(100):
                emit(number)
            await asyncio.sleep(60)
        finally:
            ended.set()

    start = time.monotonic()
    items = stream(work, rest.append)
    first = next(items)
    items.close()
    assert [first, *rest] == list(range(100))
    assert ended.is_set()
    assert time.monotonic() - start < 5


def test_share_stops_all_at_the_first_error() -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0.001 * number)
        if number == 3:
            raise ValueError("three")
        done.append(number)

    with pytest.raises(ValueError, match="three"):
        asyncio.run(share(range(100), work, 4))
    assert len(done) < 10
