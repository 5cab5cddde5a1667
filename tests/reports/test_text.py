"""Untrusted text: nothing hidden, nothing reordering, nothing endless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.text import cut, label, shown, visible

ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text("a\u0301\u202e\x00\n\r\ud800\u200b⟨", min_size=1)


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("plain – Größe 東京 שלום", "plain – Größe 東京 שלום"),
        ("a\x00b", "a⟨U+0000⟩b"),
        ("safe\u202egnp.exe", "safe⟨U+202E⟩gnp.exe"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\ud800", "⟨U+D800⟩"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("Z\u0351\u0351\u0351\u0351\u0351", "Z\u0351\u0351\u0351⟨2 more marks⟩"),
        ("e\u0301", "e\u0301"),
        ("\U000e0041", "⟨U+E0041⟩"),
    ],
)
def test_visible(raw: str, seen: str) -> None:
    assert visible(raw) == seen


@given(ANY_TEXT)
def test_nothing_hidden_is_left_and_files_can_hold_it(text: str) -> None:
    seen = visible(text)
    seen.encode("utf-8")
    assert not any(
        unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        for char in seen
    )
    assert not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in seen)
    assert visible(seen) == seen


@given(ANY_TEXT, st.integers(1, 20))
def test_cut_is_a_short_prefix(text: str, limit: int) -> None:
    assert text.startswith(cut(text, limit))
    assert len(cut(text, limit)) == len(text) or len(cut(text, limit)) <= limit
    assert len(label(text, limit)) <= limit
    assert "\n" not in label(text, limit)


def test_cut_keeps_marks_with_their_letters() -> None:
    assert cut("ae\u0301b", 2) == "a"


def test_endless_text_says_that_it_was_cut() -> None:
    text = shown("w" * 1_000_000, 100)
    assert text.startswith("w" * 100 + " … [cut here: 1,000,000 characters in all]")
    assert len(text) < 160
    assert shown("short") == "short"
