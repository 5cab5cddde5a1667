"""Named prompt formats and template files."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.core.errors import InputError
from audit.models.hf_vlm.formats import format_names, prompt_format


def test_formats_that_come_along() -> None:
    assert {"plain", "llava-v1"} <= set(format_names())


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.jinja").write_text("{{ messages }}", encoding="utf-8")
    assert prompt_format(str(tmp_path / "mine.jinja")) == "{{ messages }}"


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x80")
    for name, word in (("no-such", "llava-v1"), (str(tmp_path / "bytes"), "cannot be read")):
        with pytest.raises(InputError, match=word):
            prompt_format(name)
