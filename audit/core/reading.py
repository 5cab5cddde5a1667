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
    exclusive. `edges`, where the reader knows them: the left edge of each character and the right edge of the last, in
    pixels, not falling. Raises `ValueError` for a box without area or another number of edges.
    """

    text: str
    box: Box
    edges: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not (self.box[0] < self.box[2] and self.box[1] < self.box[3]):
            raise ValueError(f"Expected a box with left < right and top < bottom but got {self.box}.")
        if self.edges and len(self.edges) != len(self.text) + 1:
            raise ValueError(f"Expected {len(self.text) + 1} edges but got {len(self.edges)}.")

    @property
    def height(self) -> int:
        """In pixels."""
        return self.box[3] - self.box[1]


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
    parts: list[str] = []
    order: list[Printed] = []
    places: list[int] = []
    at = 0
    for number, row in enumerate(rows(pieces)):
        for before, piece in pairwise((None, *row)):
            assert piece is not None
            gap = ("\n" if number else "") if before is None else _between(before, piece)
            order.append(piece)
            places.append(at + len(gap))
            parts += [gap, piece.text]
            at += len(gap) + len(piece.text)
    return Page("".join(parts), tuple(order), tuple(places))


def rows(pieces: Iterable[Printed]) -> tuple[tuple[Printed, ...], ...]:
    """The pieces by row, from the top. Each is followed by the nearest piece to its right that overlaps it by half of
    the lower of the two, so that a row may rise or fall on a tilted page; rows are ordered as if it were straight."""
    order = sorted(pieces, key=lambda one: (one.box[0], _middle(one)))
    after = _followers(order)
    slopes = [(_middle(order[there]) - _middle(order[here])) / 2 / (order[there].box[0] - order[here].box[0] or 1)
              for here, there in after.items()]  # fmt: skip
    slope = sorted(slopes)[len(slopes) // 2] if slopes else 0.0
    found = []
    for start in sorted(set(range(len(order))) - set(after.values())):
        row = [start]
        while row[-1] in after:
            row.append(after[row[-1]])
        found.append(tuple(order[place] for place in row))
    return tuple(sorted(found, key=lambda row: _middle(row[0]) / 2 - slope * row[0].box[0]))


def _followers(order: Sequence[Printed]) -> dict[int, int]:
    """Place -> the place of what follows it in its row, each at most once: the closest pairs first."""
    pairs = [
        (_gap(order[here], order[there]), -_shared(order[here], order[there]), here, there)
        for here in range(len(order))
        for there in range(here + 1, len(order))
        if _level(order[here], order[there])
    ]
    after: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, here, there in sorted(pairs):
        if here not in after and there not in taken:
            after[here] = there
            taken.add(there)
    return after


def _between(before: Printed, piece: Printed) -> str:
    return "\t" if piece.box[0] - before.box[2] > _COLUMN * max(before.height, piece.height) else " "


def _middle(piece: Printed) -> int:
    return piece.box[1] + piece.box[3]


def _shared(one: Printed, other: Printed) -> int:
    return min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])


def _level(one: Printed, other: Printed) -> bool:
    return _shared(one, other) > _SAME_ROW * min(one.height, other.height)


def _gap(one: Printed, other: Printed) -> int:
    return max(other.box[0] - one.box[2], 0)
