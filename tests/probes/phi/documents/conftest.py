"""What the tests of documents share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

FORMATS = ("%m/%d/%Y", "%Y-%m-%d", "%B %d, %Y", "%d-%b-%Y")


@pytest.fixture(scope="session")
def read_date() -> Callable[[str], date]:
    """Reads a date in any of the printed formats, without the code that printed it."""

    def read(text: str) -> date:
        for form in FORMATS:
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        raise AssertionError(f"{text} is in none of the formats")

    return read
