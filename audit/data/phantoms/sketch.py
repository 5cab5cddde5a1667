"""A sketch: what is known about an image, and how to draw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from audit.data.phantoms.geometry import Floats


@dataclass(frozen=True)
class Box:
    """A finding or organ in canvas units (x right, y down, -1 to 1)."""

    label: str
    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def round(cls, label: str, at: tuple[float, float], rx: float, ry: float | None = None) -> Box:
        """The box of an ellipse at `at`, cut at the border of the canvas."""
        ry = rx if ry is None else ry
        return cls(label, max(at[0] - rx, -1), max(at[1] - ry, -1), min(at[0] + rx, 1), min(at[1] + ry, 1))

    def pixels(self, size: int) -> dict[str, str | float]:
        """The box in pixels of an image that is `size` wide, to a tenth."""
        x0, y0, x1, y1 = (round((value + 1) * size / 2, 1) for value in (self.x0, self.y0, self.x1, self.y1))
        return {"label": self.label, "x0": x0, "y0": y0, "x1": x1, "y1": y1}


@dataclass(frozen=True)
class Sketch:
    """`draw(size, rng)` paints values in [0, 1], grey (size, size) or RGB (size, size, 3).

    `boxes` are findings (and organs that can be pointed at), `marks` what a hospital burned in (a side marker, a word),
    `sizes` lengths in canvas units by name, `ratios` plain numbers, `counts` what can be counted.
    """

    draw: Callable[[int, np.random.Generator], Floats]
    boxes: tuple[Box, ...] = ()
    sizes: Mapping[str, float] = field(default_factory=dict)
    ratios: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    marks: tuple[Box, ...] = ()
