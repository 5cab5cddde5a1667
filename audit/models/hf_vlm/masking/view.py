"""A view: a picture that a vision tower looks at, cut into cells, one for each token. Exact arithmetic, no torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Axis:
    """One direction of a view: place x of the image given is at `scale * x + shift` of the view, which is `length`
    pixels long."""

    scale: Fraction
    shift: Fraction
    length: int

    @classmethod
    def of(cls, length: int) -> Axis:
        """The image as it was given."""
        return cls(Fraction(1), Fraction(0), length)

    def resized(self, length: int) -> Axis:
        """After resizing to `length` pixels."""
        by = Fraction(length, self.length)
        return Axis(self.scale * by, self.shift * by, length)

    def centred(self, length: int) -> Axis:
        """After a centre crop, or padding on both sides where the view is shorter than `length`. The odd pixel is cut
        at the end and padded at the start."""
        over = self.length - length
        return replace(self, shift=self.shift - (over // 2), length=length)

    def padded(self, length: int) -> Axis:
        """After padding on both sides up to `length`, the odd pixel at the end."""
        return replace(self, shift=self.shift + (length - self.length) // 2, length=length)

    def met(self, low: int, high: int, side: int, radius: int) -> slice:
        """Cells of `side` pixels that the stretch [low, high) of the image meets once it has grown by `radius` cells
        on both sides."""
        start, end = self.scale * low + self.shift, self.scale * high + self.shift
        first, behind = start // side - radius, -(-end // side) + radius
        count = self.length // side
        return slice(min(max(first, 0), count), min(max(behind, 0), count))

    def back(self, place: int) -> float:
        """Where a place of the view is in the image given."""
        return float((place - self.shift) / self.scale)


@dataclass(frozen=True)
class View:
    """A picture cut into cells of `side` pixels; what is left over at the right and bottom belongs to no token.

    `blocks` says in which order the tokens stand: row by row where it is empty; for (n, ...) in blocks of n x n cells,
    row by row, the cells of each in the order that the rest of `blocks` says.
    """

    across: Axis
    down: Axis
    side: int
    blocks: tuple[int, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of cells."""
        return self.down.length // self.side, self.across.length // self.side

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """Row and column of every token in the order in which the tokens stand, shape (tokens, 2)."""
        import numpy as np

        rows, columns = (axis.ravel() for axis in np.indices(self.shape))
        keys: list[NDArray[np.intp]] = []
        row, column = rows, columns
        for block in self.blocks:
            keys += [row // block, column // block]
            row, column = row % block, column % block
        order = np.lexsort([*reversed([*keys, row, column])])
        return np.stack([rows[order], columns[order]], axis=1)

    def met(self, boxes: tuple[tuple[int, int, int, int], ...], radius: int) -> NDArray[np.bool_]:
        """The cells that any of the boxes (left, top, right, bottom; pixels of the image given) meets once it has grown
        by `radius` cells on every side, shape (rows, columns)."""
        import numpy as np

        found = np.zeros(self.shape, dtype=np.bool_)
        for left, top, right, bottom in boxes:
            rows = self.down.met(top, bottom, self.side, radius)
            found[rows, self.across.met(left, right, self.side, radius)] = True
        return found

    def rectangle(self, row: int, column: int) -> Rectangle:
        """A cell in pixels of the image given: left, top, right, bottom."""
        side = self.side
        left, right = (self.across.back(place * side) for place in (column, column + 1))
        top, bottom = (self.down.back(place * side) for place in (row, row + 1))
        return left, top, right, bottom
