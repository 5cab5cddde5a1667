"""A region of an image: a box and what proposed it."""

from __future__ import annotations

from dataclasses import dataclass

from audit.core.reading import Box


@dataclass(frozen=True)
class Region:
    """`box` is (left, top, right, bottom) in pixels of the image as given, right and bottom exclusive; `kind` names the
    proposal ("quadrant", "grid", "superpixel", "text", "mark", "user"). Raises `ValueError` for a box without area.
    """

    box: Box
    kind: str

    def __post_init__(self) -> None:
        left, top, right, bottom = self.box
        if not (0 <= left < right and 0 <= top < bottom):
            raise ValueError(f"Expected 0 <= left < right and 0 <= top < bottom but got {self.box}.")
