"""A page as the probe asks about it: its identifiers with their places, and its other words."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from audit.core.item import Item
from probes.phi.documents.document import Document
from probes.phi.documents.paint import Box, placed

INDIVIDUAL = ("patient", "relative", "employer")
"""Whose identifiers Safe Harbor speaks of (45 CFR 164.514(b)(2)(i))."""


@dataclass(frozen=True)
class Identifier:
    """One identifier of a page. `field` is unique on it; `text` as printed; `boxes` are all places where it stands:
    left, top, right, bottom in pixels, the last two exclusive. `column` is `left`, `right` or `full`; `inferable` says
    that it follows from others on the page."""

    field: str
    category: str
    text: str
    subject: str = "patient"
    column: str = "full"
    inferable: bool = False
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page: its identifiers, and all its marks in reading order as (field, text), the field "" for other words.
    `size`: width and height in pixels."""

    identifiers: tuple[Identifier, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    size: tuple[int, int] = (0, 0)

    @cached_property
    def _hash(self) -> int:
        return hash((self.identifiers, self.marks, self.size))

    def __hash__(self) -> int:
        """Of the fields, as ever, but counted once: what was read of a page is looked up by it."""
        return self._hash

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What it says besides identifiers."""
        return tuple(text for name, text in self.marks if not name)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Every place of every identifier."""
        return tuple(box for identifier in self.identifiers for box in identifier.boxes)

    def told(self, hidden: Container[str] = ()) -> str:
        """All that the page says but for the fields that are `hidden`: what a perfect reader would write down."""
        return " ".join(text for name, text in self.marks if name not in hidden)


@dataclass(frozen=True)
class PageItem(Item):
    """An item that knows its page, the page whose text is given as an example where one is, and where a detector finds
    the identifiers where one was asked. `private` says that the picture is the user's: what is read on it may be a real
    person's."""

    page: Page = field(default=Page(), compare=False, repr=False)
    example: Page = field(default=Page(), compare=False, repr=False)
    detected: Callable[[], Sequence[Box]] | None = field(default=None, compare=False, repr=False)
    private: bool = False


def page_of(document: Document) -> Page:
    """The page of a generated document; nothing is drawn."""
    found: dict[str, Identifier] = {}
    for word in document.sheet.words:
        value = word.value
        if value is None:
            continue
        box, _ = placed(word.box, document.degrees, document.size)
        known = found.get(value.field)
        if known is None:
            known = Identifier(value.field, value.type, value.text, value.subject, word.column, value.inferable)
        found[value.field] = replace(known, boxes=(*known.boxes, box))
    marks = tuple(("" if word.value is None else word.value.field, word.text) for word in document.sheet.words)
    return Page(tuple(found.values()), marks, document.size)
