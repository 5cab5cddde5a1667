"""A sheet: marks placed on a page, in pixels, before anything is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from probes.phi.documents.typeface import Font, Typeface
from probes.phi.documents.value import Value

Part = str | Value
COLUMNS = ("left", "right")


@dataclass(frozen=True)
class Word:
    """Text without a line break, drawn in one stroke. (x, y): left end of the baseline. `value` where it identifies."""

    text: str
    x: int
    y: int
    font: Font
    value: Value | None = None
    column: str = "full"
    ink: int = 0

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The ink, as x0, y0, x1, y1 in pixels; x1 and y1 are exclusive."""
        return self.font.ink(self.text, self.x, self.y)


@dataclass(frozen=True)
class Bar:
    """A filled rectangle of grey `ink`: a rule, a shaded heading, a frame's side. Pixels, x1 and y1 exclusive."""

    x0: int
    y0: int
    x1: int
    y1: int
    ink: int = 0


@dataclass
class Sheet:
    """Collects marks; layouts speak in points (1/72 inch) from the upper left corner, marks are pixels."""

    width: float
    height: float
    dpi: int
    face: Typeface
    words: list[Word] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)

    def px(self, points: float) -> int:
        """Points as whole pixels."""
        return round(points * self.dpi / 72)

    def bar(self, x: float, y: float, width: float, height: float, ink: int = 0) -> None:
        """A filled rectangle, at least one pixel thick."""
        x0, y0 = self.px(x), self.px(y)
        self.bars.append(Bar(x0, y0, max(self.px(x + width), x0 + 1), max(self.px(y + height), y0 + 1), ink))

    def text(
        self,
        x: float,
        y: float,
        parts: Part | Sequence[Part],
        size: float = 9,
        bold: bool = False,
        width: float | None = None,
        column: str = "full",
        align: str = "left",
        ink: int = 0,
    ) -> float:
        """Write parts from baseline (x, y), wrapped at `width`; returns the last baseline.

        A value is never broken; one that is wider than `width` is set in a smaller size. `align` is left or right
        (one line that ends at x).
        """
        glued = _glue([parts] if isinstance(parts, (str, Value)) else parts)
        font = self.face.font(size * self.dpi / 72, bold)
        limit = None if width is None else self.px(width)
        if limit is not None:
            font = self._fitting(glued, font, limit)
        space = font.length(" ")
        left, across, base, step = self.px(x), 0.0, y, size * 1.32
        if align == "right":
            left -= round(sum(_length(g, font) for g in glued) + space * (len(glued) - 1))
        for group in glued:
            long = _length(group, font)
            if limit is not None and across and across + long > limit:
                across, base = 0.0, base + step
            at = left + across
            for part in group:
                value = part if isinstance(part, Value) else None
                text = value.text if value else str(part)
                self.words.append(Word(text, round(at), self.px(base), font, value, column, ink))
                at += font.length(text)
            across += long + space
        return base

    def _fitting(self, glued: list[list[Part]], font: Font, limit: int) -> Font:
        while max((_length(group, font) for group in glued), default=0.0) > limit and font.size > 4:
            font = self.face.font(font.size * 0.95, font.bold)
        return font


def _glue(parts: Sequence[Part]) -> list[list[Part]]:
    """Groups that no space divides: "Erie" and "," stay on one line."""
    groups: list[list[Part]] = []
    joined = False
    for part in parts:
        pieces: list[Part] = [part] if isinstance(part, Value) else [*part.split()]
        head = not isinstance(part, Value) and part[:1].isspace()
        for place, piece in enumerate(pieces):
            if groups and joined and place == 0 and not head:
                groups[-1].append(piece)
            else:
                groups.append([piece])
        joined = isinstance(part, Value) or (bool(part) and not part[-1].isspace())
    return groups


def _length(group: list[Part], font: Font) -> float:
    return sum(font.length(part.text if isinstance(part, Value) else part) for part in group)
