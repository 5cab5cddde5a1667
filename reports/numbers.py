"""How numbers are written: shares as percent, differences in percentage points, counts of a hundred, p-values."""

from __future__ import annotations

import math
from datetime import UTC, datetime

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
MINUS = "\u2212"


def percent(share: float) -> str:
    """A share as percent with one digit; never rounded to 0% or 100% unless it is that exactly.

    >>> percent(0.8816), percent(0.0003), percent(1.0)
    ('88.2%', '<0.1%', '100%')
    """
    _finite(share)
    if share in (0, 1):
        return f"{share:.0%}"
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 <= share < 1:
        return ">99.9%"
    return _minus(f"{share * 100:.1f}%")


def points(difference: float) -> str:
    """A difference of two shares in percentage points, always with its sign.

    >>> points(0.032), points(-0.104), points(0.0)
    ('+3.2 points', '−10.4 points', '0.0 points')
    """
    return f"{signed(difference * 100, 1)} points"


def number(value: float, digits: int = 3) -> str:
    """A plain number with so many significant digits.

    >>> number(1.2345), number(-0.5), number(12345.0), number(0.000012)
    ('1.23', '−0.500', '12,345', '0.0000120')
    """
    _finite(value)
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return _minus(f"{value:,.{min(places, 12)}f}")


def plain(value: float) -> str:
    """A plain number as a reader wants it: two decimals, or three significant digits where it is small or large.

    >>> plain(0.591), plain(-0.0123), plain(0.0), plain(1234.5)
    ('0.59', '−0.0123', '0', '1,234')
    """
    return _minus(f"{value:.2f}") if 0.1 <= abs(value) < 100 else number(value)


def signed(value: float, places: int) -> str:
    """A number with a plus or a minus sign, none where it rounds to zero."""
    _finite(value)
    text = f"{value:+.{places}f}"
    return text.lstrip("+-") if float(text) == 0 else _minus(text)


def p_value(p: float) -> str:
    """A p-value: three digits below 0.1, two above, bounds at both ends.

    >>> p_value(0.0004), p_value(0.0312), p_value(0.41), p_value(1.0)
    ('< 0.001', '0.031', '0.41', '> 0.99')
    """
    _finite(p)
    if not 0 <= p <= 1:
        raise ValueError(f"Expected a p-value in [0, 1] but got {p!r}")
    if p < 0.001:
        return "< 0.001"
    if p > 0.99:
        return "> 0.99"
    return f"{p:.3f}" if p < 0.0995 else f"{p:.2f}"


def count(number_of: int) -> str:
    """A count with thousands separated.

    >>> count(1880)
    '1,880'
    """
    return f"{number_of:,}"


def counted(number_of: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun.

    >>> counted(1, "item"), counted(2100, "item"), counted(2, "query", "queries")
    ('1 item', '2,100 items', '2 queries')
    """
    return f"{count(number_of)} {noun if number_of == 1 else plural or noun + 's'}"


def frequency(share: float, low: float | None = None, high: float | None = None) -> str:
    """A share as a natural frequency, with its interval: "about 12 of 100 (8 to 17)".

    The base is 100, or 1,000 or 10,000 where the share or its complement would otherwise round away. Raises
    `ValueError` outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise ValueError(f"Expected a share in [0, 1] but got {share!r}")
    base = _base(share)
    body = f"{_about(share, base)} of {base:,}"
    if low is None or high is None:
        return body
    return f"{body} ({_bound(low, base)} to {_bound(high, base)})"


def complement(share: float, low: float | None = None, high: float | None = None) -> str:
    """The natural frequency of the rest: what a share of right answers says about the wrong ones."""
    if low is None or high is None:
        return frequency(1 - share)
    return frequency(1 - share, 1 - high, 1 - low)


def moment(stamp: str) -> str:
    """An ISO 8601 time as a person writes it, in UTC; anything else as it is.

    >>> moment("2025-11-23T22:04:11+01:00")
    '23 November 2025, 21:04 UTC'
    """
    try:
        when = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    if when.tzinfo is None:
        return stamp
    when = when.astimezone(UTC)
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}, {when:%H:%M} UTC"


def _base(share: float) -> int:
    rarest = min(share, 1 - share) or 1.0
    return 100 if rarest >= 0.01 else 1_000 if rarest >= 0.001 else 10_000


def _about(share: float, base: int) -> str:
    hits = round(share * base)
    exact = share in (0, 1)
    return f"{hits:,}" if exact else f"about {hits:,}"


def _bound(share: float, base: int) -> str:
    return f"{round(min(max(share, 0.0), 1.0) * base):,}"


def _minus(text: str) -> str:
    return text.replace("-", MINUS)


def _finite(value: float) -> None:
    if not math.isfinite(value):
        raise ValueError(f"Expected a finite number but got {value!r}")
