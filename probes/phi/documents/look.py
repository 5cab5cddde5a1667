"""The look of a scan: resolution, tilt, noise, typeface."""

from __future__ import annotations

from dataclasses import dataclass

from audit.core.errors import InputError
from probes.phi.documents.typeface import FACES


@dataclass(frozen=True)
class Look:
    """How a page is printed and scanned; what it says does not depend on it.

    dpi: 50 to 300. rotation: the largest tilt in degrees, 0 to 10; each page has its own, uniform between minus and
    plus it. noise: standard deviation in grey levels, 0 to 60; uneven light and specks grow with it. face: `sans`,
    `serif`, `mono`, or `any` for one by chance per page. swap_columns: the left and right column of every form change
    places. Raises `InputError` outside these ranges.
    """

    dpi: int = 100
    rotation: float = 0.5
    noise: float = 3.0
    face: str = "any"
    swap_columns: bool = False

    def __post_init__(self) -> None:
        for name, value, low, high in (
            ("dpi", self.dpi, 50, 300), ("rotation", self.rotation, 0, 10), ("noise", self.noise, 0, 60),
        ):  # fmt: skip
            if not low <= value <= high:
                raise InputError(f"Expected the documents' {name} to be {low} to {high} but got {value}")
        if self.face not in ("any", *FACES):
            raise InputError(f"Expected the documents' face to be any, {', '.join(FACES)} but got {self.face!r}")
