"""Identifiers burned into images: a patient's details in the corner, as scanners print them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from audit.core.image import Image
from probes.medobvious.grids import fitted
from probes.phi.documents.case import draw_case
from probes.phi.documents.typeface import Font, Typeface
from probes.phi.page import Identifier, Page

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAYOUT: Final = "burned-in"
SIDE, SIZE, STEP, MARGIN, OUTLINE = 768, 20, 30, 16, 2
_LINES: Final = (
    ("", "patient"),
    ("MRN", "mrn"),
    ("DOB", "dob"),
    ("Study", "service"),
    ("Acc", "accession"),
    ("", "institution"),
    ("Ref", "referrer"),
)


def burned_in(image: Image, seed: int, index: int) -> tuple[Page, Image]:
    """The image fitted to a square of 768 pixels, with seven identifiers of an invented patient in its upper left
    corner, white with a black edge; and where they stand. Pixels are read when the picture is."""
    case = draw_case(seed, index)
    font = Typeface("sans").font(SIZE)
    marks: list[tuple[str, str]] = []
    identifiers: list[Identifier] = []
    placed: list[tuple[str, int, int]] = []
    for row, (label, field) in enumerate(_LINES):
        y, value = MARGIN + SIZE + row * STEP, case.values[field]
        start = MARGIN + (round(font.length(f"{label} ")) if label else 0)
        if label:
            marks.append(("", label))
            placed.append((label, MARGIN, y))
        left, top, right, bottom = font.ink(value.text, start, y)
        box = (max(left - OUTLINE, 0), max(top - OUTLINE, 0), right + OUTLINE, bottom + OUTLINE)
        identifiers.append(Identifier(field, value.type, value.text, value.subject, boxes=(box,)))
        marks.append((field, value.text))
        placed.append((value.text, start, y))
    page = Page(tuple(identifiers), tuple(marks), (SIDE, SIDE))
    return page, Image(lambda: _drawn(image, font, placed), f"burned-in {index}")


def _drawn(image: Image, font: Font, placed: list[tuple[str, int, int]]) -> NDArray[np.uint8]:
    import PIL.Image
    import PIL.ImageDraw

    picture = PIL.Image.fromarray(fitted(image.rgb(), SIDE))
    pen = PIL.ImageDraw.Draw(picture)
    for text, x, y in placed:
        pen.text(
            (x, y), text, fill=(255, 255, 255), font=font.load(), anchor="ls",
            stroke_width=OUTLINE, stroke_fill=(0, 0, 0),
        )  # fmt: skip
    return np.asarray(picture)
