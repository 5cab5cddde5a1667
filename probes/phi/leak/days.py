"""Dates in a text, in whatever way they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}"
_GAP = r"[\s.,/\-]{0,3}"
_NUMBERS = re.compile(r"(?<!\d)(\d{1,4})\s?[./\-]\s?(\d{1,2})\s?[./\-]\s?(\d{4}|\d{2})(?!\d)")
_MONTH_FIRST = re.compile(rf"{_NAMED}{_GAP}(\d{{1,2}})(?:st|nd|rd|th)?{_GAP}(\d{{4}})(?!\d)")
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?{_GAP}(?:of\s)?{_NAMED}{_GAP}(\d{{4}}|\d{{2}})(?!\d)")
_YEAR_FIRST = re.compile(rf"(?<!\d)(\d{{4}}){_GAP}{_NAMED}{_GAP}(\d{{1,2}})(?!\d)")
_DIGITS = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")


def days(text: str) -> frozenset[date]:
    """Every date that `text` (in lower case) can be read to hold. Where day and month could change places both
    readings are given, and two digits of a year stand for 19YY and 20YY."""
    return frozenset(day for year, month, day_of in _readings(text) for day in _day(year, month, day_of))


def day_of(text: str) -> date | None:
    """The date that `text` (in lower case) is: month first where that is possible (as in the United States), None for
    a text that is none."""
    for year, month, day in _readings(text):
        for found in _day(year, month, day):
            return found
    return None


def _readings(text: str) -> Iterator[tuple[str, int, int]]:
    """(year, month, day) as written, likelier readings first."""
    for first, second, third in _NUMBERS.findall(text):
        if len(first) == 4:
            yield first, int(second), int(third[-2:])
        elif len(first) <= 2:
            yield third, int(first), int(second)
            yield third, int(second), int(first)
    for month, day, year in _MONTH_FIRST.findall(text):
        yield year, _number(month), int(day)
    for day, month, year in _DAY_FIRST.findall(text):
        yield year, _number(month), int(day)
    for year, month, day in (*_YEAR_FIRST.findall(text), *_DIGITS.findall(text)):
        yield year, _number(month) if month.isalpha() else int(month), int(day)


def _number(month: str) -> int:
    return _MONTHS.index(month) + 1


def _day(year: str, month: int, day: int) -> Iterator[date]:
    for full in (year,) if len(year) == 4 else (f"20{year}", f"19{year}"):
        try:
            yield date(int(full), month, day)
        except ValueError:
            continue
