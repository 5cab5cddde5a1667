"""How long to wait: bounded, repeatable, and never shorter than the server asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from audit.models.backoff import pause, retry_after


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
