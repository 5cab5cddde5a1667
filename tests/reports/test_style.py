"""The style sheet: contrast in each theme, nothing fetched."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "reports/templates/style.css").read_text("utf-8")
TEXT = ("ink", "soft", "accent", "fail", "pass", "unsure", "idle")
OUTCOMES = ("correct", "wrong", "refused", "truncated", "unparsed", "error")


def themes() -> dict[str, dict[str, str]]:
    blocks = [
        dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.S)
    ]
    assert len(blocks) == 3
    return dict(zip(("light", "dark", "print"), blocks, strict=True))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_text_can_be_read(theme: str) -> None:
    colours = themes()[theme]
    poor = {
        (text, ground): round(contrast(colours[text], colours[ground]), 2)
        for text, ground in product(TEXT, ("paper", "panel"))
        if contrast(colours[text], colours[ground]) < 4.5
    }
    assert not poor
    assert all(contrast(colours["ink"], colours[outcome]) >= 4.5 for outcome in OUTCOMES)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_marks_can_be_seen(theme: str) -> None:
    colours = themes()[theme]
    assert all(contrast(colours[mark], colours["paper"]) >= 3 for mark in ("model", "base", "limit", "soft"))


def test_each_theme_names_every_colour() -> None:
    assert len({frozenset(theme) for theme in themes().values()}) == 1


def test_every_colour_that_is_used_exists() -> None:
    known = set(re.findall(r"--([a-z]+):", CSS))
    assert set(re.findall(r"var\(--([a-z]+)\)", CSS)) <= known


def test_nothing_is_fetched() -> None:
    assert not re.search(r"url\(|@import|@font-face|https?:", CSS)
