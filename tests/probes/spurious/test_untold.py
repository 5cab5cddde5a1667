from __future__ import annotations

import pytest

from audit.core.observation import Observation
from probes.spurious.untold import untold


def row(given: str | None, condition: str = "clean") -> Observation:
    return Observation("spurious", "i", "c", "model", "strict", "wrong", 0.0, given, condition=condition)


def test_one_answer_for_all_tells_nothing() -> None:
    assert "one and the same answer to 40 of 40 images" in untold([row("A")] * 40)
    assert "could not be read on 40 of 40" in untold([row(None)] * 40)


@pytest.mark.parametrize(
    "rows",
    [
        [row("A")] * 30 + [row("B")] * 2,
        [row("A")] * 19,  # too few to tell
        [row("A", "shuffled")] * 40,
        [],
    ],
)
def test_otherwise_regions_may_matter(rows: list[Observation]) -> None:
    assert untold(rows) == ""
