"""The page lists what the registry holds."""

from __future__ import annotations

from pathlib import Path

from probes.shifts.corruptions import CORRUPTIONS
from probes.shifts.corruptions.table import markdown

DOCS = Path(__file__).parents[4] / "docs"


def test_the_page_holds_the_table_of_the_registry() -> None:
    page = (DOCS / "corruptions.md").read_text("utf-8")
    assert markdown() in page, "run: python tools/corruptions_page.py"
    assert all(f"| `{name}` |" in page for name in CORRUPTIONS)


def test_the_picture_is_small() -> None:
    assert (DOCS / "corruptions.png").stat().st_size < 300_000
