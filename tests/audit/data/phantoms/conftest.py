"""One series of phantoms for all tests of this folder."""

from __future__ import annotations

import pytest

from audit.core.dataset import Dataset
from audit.data.phantoms import phantoms


@pytest.fixture(scope="session")
def series() -> Dataset:
    """400 phantoms of 64 px."""
    return phantoms(400, seed=11, size=64)
