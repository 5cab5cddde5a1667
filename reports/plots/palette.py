"""Colours by name: matplotlib is given placeholders, the SVG gets class names, and the style sheet decides."""

from __future__ import annotations

NAMES = (
    "ink",
    "soft",
    "line",
    "paper",
    "model",
    "base",
    "limit",
    "correct",
    "wrong",
    "refused",
    "truncated",
    "unparsed",
    "error",
)
_CODES = {name: f"#0000{place:02x}" for place, name in enumerate(NAMES, 1)}
_BY_CODE = {code: name for name, code in _CODES.items()}


def code(name: str) -> str:
    """The placeholder colour of a name, for matplotlib."""
    return _CODES[name]


def name_of(colour: str) -> str | None:
    """The name behind a placeholder, None for any other colour."""
    return _BY_CODE.get(colour.lower())
