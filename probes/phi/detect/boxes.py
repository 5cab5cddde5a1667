"""From printed pieces to a box for each identifier."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.core.reading import Box, Page, Printed, Reader, page
from probes.phi.text import Span, identify

if TYPE_CHECKING:
    from audit.core.image import Pixels

MARGIN = 0.3
"""How far a box goes beyond the edges of its characters, where those are known, in heights of the line."""
SPREAD = 1.5
"""The same where they are not, in mean widths of a character: letters are not equally wide."""


@dataclass(frozen=True)
class Detected:
    """An identifier in an image: its category, the characters as they were read, and the box that holds them: left,
    top, right, bottom in pixels, the last two exclusive. An identifier over several pieces gives one for each."""

    category: str
    text: str
    box: Box


def detect(reader: Reader, pixels: Pixels) -> tuple[Detected, ...]:
    """The identifiers in (height, width) or (height, width, 3) pixels: read, put in reading order, recognised.

    Boxes err on the large side: over the whole height of the line and a margin beyond the first and the last
    character, inside the line. What the reader does not read, or reads so that no recogniser knows it, is missed.
    """
    return located(page(reader.read(pixels)))


def located(read: Page, spans: Iterable[Span] | None = None) -> tuple[Detected, ...]:
    """The boxes of `spans` (characters of the page's text) or, without, of all identifiers in it, in that order."""
    found = identify(read.text) if spans is None else spans
    return tuple(one for span in found for one in _pieces(read, span))


def _pieces(read: Page, span: Span) -> Sequence[Detected]:
    parts = []
    for piece, place in zip(read.pieces, read.places, strict=True):
        start, end = max(span.start, place), min(span.end, place + len(piece.text))
        if any(char.isalnum() for char in read.text[start:end]):
            box = part(piece, start - place, end - place)
            parts.append(Detected(span.category, read.text[start:end], box))
    return parts


def part(piece: Printed, start: int, end: int) -> Box:
    """The box of characters [start, end) of a piece, with a margin that stays inside the piece."""
    left, top, right, bottom = piece.box
    if piece.edges:
        first, last, margin = piece.edges[start], piece.edges[end], MARGIN * piece.height
    else:
        wide = (right - left) / len(piece.text)
        first, last, margin = left + start * wide, left + end * wide, SPREAD * wide
    return (
        left if start == 0 else max(left, math.floor(first - margin)),
        top,
        right if end == len(piece.text) else min(right, math.ceil(last + margin)),
        bottom,
    )
