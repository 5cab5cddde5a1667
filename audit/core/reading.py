"""Text that stands in an image: what a reader (OCR) returns, and the order in which people read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from audit.core.image import Pixels

Box = tuple[int, int, int, int]
_SAME_ROW = 0.5  # of the lower height, by which two pieces overlap that stand in one row
_COLUMN = 1.2  # of the height: a wider gap parts columns


@dataclass(frozen=True)
class Printed:
    """A piece of printed text, a word or a line, and its box: left, top, right, bottom in pixels, the last two
    exclusive. Raises `ValueError` for a box without area."""

    text: str
    box: Box

    def __post_init__(self) -> None:
        if not (self.box[0] < self.box[2] and self.box[1] < self.box[3]):
            raise ValueError(f"Expected a box with left < right and top < bottom but got {self.box}.")


@runtime_checkable
class Reader(Protocol):
    """Something that finds printed text in pixels, in its own order: (height, width) grey or (height, width, 3) RGB."""

    def read(self, pixels: Pixels) -> Sequence[Printed]: ...


@dataclass(frozen=True)
class Page:
    """Printed text as one text: rows from top to bottom, within a row from left to right. `places` has for each piece
    the character at which it starts."""

    text: str
    pieces: tuple[Printed, ...]
    places: tuple[int, ...]


def page(pieces: Iterable[Printed]) -> Page:
    """The pieces in reading order: a line break between rows, a tab between columns, else a space."""
    text, order, places = "", [], []
    for number, row in enumerate(rows(pieces)):
        text += "\n" if number else ""
        for before, piece in pairwise((None, *row)):
            if before is not None:
                text += "\t" if piece.box[0] - before.box[2] > _COLUMN * _height(piece) else " "
            order.append(piece)
            places.append(len(text))
            text += piece.text
    return Page(text, tuple(order), tuple(places))


def rows(pieces: Iterable[Printed]) -> tuple[tuple[Printed, ...], ...]:
    """The pieces by row. A piece joins the row in which its nearest neighbour overlaps it by half of the lower of the
    two, so that a row may rise or fall on a tilted page."""
    found: list[list[Printed]] = []
    for piece in sorted(pieces, key=lambda one: (one.box[1] + one.box[3], one.box[0])):
        near = [
            (_gap(piece, other), -number) for number, row in enumerate(found) for other in row if _level(piece, other)
        ]
        if near:
            found[-min(near)[1]].append(piece)
        else:
            found.append([piece])
    ordered = [sorted(row, key=lambda one: one.box[0]) for row in found]
    return tuple(tuple(row) for row in sorted(ordered, key=lambda row: row[0].box[1] + row[0].box[3]))


def _height(piece: Printed) -> int:
    return piece.box[3] - piece.box[1]


def _level(one: Printed, other: Printed) -> bool:
    shared = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return shared > _SAME_ROW * min(_height(one), _height(other))


def _gap(one: Printed, other: Printed) -> int:
    return max(one.box[0] - other.box[2], other.box[0] - one.box[2], 0)
