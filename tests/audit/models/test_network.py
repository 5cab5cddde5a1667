"""Which hosts are local, how long to wait, and an event loop that leaves nothing behind."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.models.backoff import pause, retry_after
from audit.models.network import is_local
from audit.models.stream import share, stream

LOCAL = ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "10.0.0.1", "172.16.0.1",
         "172.31.255.255", "192.168.1.1", "169.254.1.1", "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1"]  # fmt: skip
FAR = ["", "example.org", "localhost.example.org", "printer.local", "8.8.8.8", "172.32.0.1", "192.169.0.1",
       "2001:db8::1", "100.64.0.1", "::ffff:8.8.8.8", "10.0.0.1.example.org", "0x7f.1", "2130706433", "0.0.0.0",
       "127.1"]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL)
def test_local(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", FAR)
def test_not_local(host: str) -> None:
    assert not is_local(host)


@given(st.text())
def test_any_text_has_an_answer(host: str) -> None:
    assert is_local(host) in (True, False)


@given(st.integers(1, 60), st.text(max_size=8), st.none() | st.floats(0, 1e6))
def test_pause_is_bounded_repeatable_and_never_shorter_than_told(attempt: int, key: str, told: float | None) -> None:
    waited = pause(attempt, key, told)
    assert waited == pause(attempt, key, told)
    whole = min(30.0, 0.5 * 2.0 ** (attempt - 1))
    assert waited == told if told and told > whole else whole / 2 <= waited <= max(whole, told or 0.0)


def test_pauses_spread() -> None:
    assert len({round(pause(3, f"query {n}"), 3) for n in range(50)}) > 40


def test_retry_after() -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC)
    assert retry_after("12") == 12.0
    assert retry_after(format_datetime(now + timedelta(minutes=1), usegmt=True), now) == 60.0
    assert retry_after(format_datetime(now - timedelta(minutes=1), usegmt=True), now) == 0.0
    assert [retry_after(text) for text in (None, "", "soon", "-3", "1e9", "9" * 40, "²")] == [None] * 7


@given(st.text())
def test_retry_after_survives_any_header(text: str) -> None:
    seconds = retry_after(text)
    assert seconds is None or seconds >= 0


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
