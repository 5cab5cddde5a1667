"""A span: one identifier in a text."""

from __future__ import annotations

from dataclasses import dataclass

from probes.phi.documents.categories import CATEGORIES


@dataclass(frozen=True, order=True)
class Span:
    """Characters [start, end) of a text and the category (of `CATEGORIES`) of the identifier that they are; `how`
    names the recogniser that found it. Raises `ValueError` for an empty span or an unknown category."""

    start: int
    end: int
    category: str
    how: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"Expected 0 <= start < end but got {self.start} and {self.end}.")
        if self.category not in CATEGORIES:
            raise ValueError(f"Expected a category of {', '.join(CATEGORIES)} but got {self.category!r}.")

    def of(self, text: str) -> str:
        """Its characters in `text`."""
        return text[self.start : self.end]
