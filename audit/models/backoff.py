"""How long to wait before a call is tried again."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


def pause(attempt: int, key: str, told: float | None = None, *, base: float = 0.5, cap: float = 30.0) -> float:
    """Seconds to wait after failed attempt number `attempt` (1, 2, ...): doubling from `base` up to `cap`.

    The upper half is jitter, taken from a hash of `key` and the attempt, so that calls spread out and yet the same
    call waits equally long each time. `told` is what the server asked for (Retry-After): never less than that.
    """
    whole = min(cap, base * 2.0 ** (attempt - 1))
    word = hashlib.sha256(f"{key}|{attempt}".encode()).digest()[:4]
    waited = whole / 2 + whole / 2 * int.from_bytes(word, "big") / 2**32
    return max(waited, told or 0.0)


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as an HTTP date (RFC 9110, section 10.2.3).

    None where there is no header or it says nothing that can be read; a date in the past is 0.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())
