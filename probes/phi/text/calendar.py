"""The days that a printed date may mean."""

from __future__ import annotations

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = re.compile(r"[0-9]+|[a-z]{3,}")


def days(text: str) -> frozenset[date]:
    """Every day that `text` may mean: 03/09/2024 is 9 March and 3 September, 9-MAR-24 a day of 1924 and one of 2024.

    Reads year, month and day in the orders of the world, digits alone (20240309) too; nothing else, no ranges.
    """
    numbers, month = [], 0
    for part in _PARTS.findall(re.sub(r"(?<=[0-9])(?:st|nd|rd|th)\b", "", text.lower())):
        if part.isdigit():
            numbers.append(part)
        elif part[:3] in MONTHS and not month:
            month = MONTHS.index(part[:3]) + 1
    if not month and len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = [numbers[0][:4], numbers[0][4:6], numbers[0][6:]]
    orders = _orders(numbers, month)
    return frozenset(day for year, m, d in orders for day in _days(year, m, d))


def _orders(numbers: list[str], month: int) -> list[tuple[str, int, int]]:
    """(year, month, day) as they may be meant."""
    if month:
        if len(numbers) != 2:
            return []
        first, second = numbers
        return [(second, month, int(first))] if len(first) <= 2 else [(first, month, int(second))]
    if len(numbers) != 3:
        return []
    if len(numbers[0]) == 4:
        return [(numbers[0], int(numbers[1]), int(numbers[2]))]
    one, other = int(numbers[0]), int(numbers[1])
    return [(numbers[2], one, other), (numbers[2], other, one)]


def _days(year: str, month: int, day: int) -> list[date]:
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)] if len(year) == 2 else []
    found = []
    for one in years:
        try:
            found.append(date(one, month, day))
        except ValueError:
            continue
    return found
