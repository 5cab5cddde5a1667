"""Text templates: named sets, files, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.core.errors import InputError
from audit.models.clip_towers.templates import text_templates


def test_named_sets_hold_one_gap_each() -> None:
    assert text_templates("plain") == ("{}",)
    for name in ("photo", "medical", "radiology"):
        assert all(one.count("{}") == 1 for one in text_templates(name))


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("a scan of {}\n\nfindings: {}\n")
    assert text_templates(str(tmp_path / "mine.txt")) == ("a scan of {}", "findings: {}")


@pytest.mark.parametrize(("text", "word"), [("a {}\nscan\n", "row 2"), ("{} {}", "row 1"), ("\n", "no template")])
def test_a_bad_file_is_named_with_its_row(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "mine.txt").write_text(text)
    with pytest.raises(InputError, match=word):
        text_templates(str(tmp_path / "mine.txt"))
