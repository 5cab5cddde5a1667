"""A document: a case in a layout, scanned; its pixels and its annotation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.core.image import Image
from probes.phi.documents.case import VERSION, Case, draw_case
from probes.phi.documents.form import Form
from probes.phi.documents.layouts.table import LAYOUTS
from probes.phi.documents.look import Look
from probes.phi.documents.paint import paint, placed, scan
from probes.phi.documents.sheet import Sheet, Word
from probes.phi.documents.typeface import FACES, Typeface

_NAMED = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Document:
    """One page. `image` is drawn when its pixels are read: (height, width) grey, 8 bits."""

    case: Case
    layout: str
    look: Look

    @property
    def id(self) -> str:
        """A name that says where it comes from."""
        swapped = "-swapped" if self.look.swap_columns else ""
        return f"document-{self.case.seed}-{self.case.index:06d}-{self.layout}{swapped}"

    @cached_property
    def face(self) -> str:
        """The typeface: the look's, or the page's own."""
        drawn = tuple(FACES)[int(self.case.look().integers(0, len(FACES)))]
        return drawn if self.look.face == "any" else self.look.face

    @cached_property
    def degrees(self) -> float:
        """The tilt, anticlockwise."""
        return round(float(self.case.look().uniform(-1, 1)) * self.look.rotation, 3)

    @cached_property
    def sheet(self) -> Sheet:
        """The marks of the page, before it is tilted."""
        layout = LAYOUTS[self.layout]
        sheet = Sheet(layout.width, layout.height, self.look.dpi, Typeface(self.face))
        layout.write(Form(sheet, self.case, self.look.swap_columns))
        return sheet

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.sheet.px(self.sheet.width), self.sheet.px(self.sheet.height)

    @cached_property
    def image(self) -> Image:
        """The scan."""
        return Image(partial(_drawn, self.case.seed, self.case.index, self.layout, self.look), self.id)

    def pixels(self, keep: Callable[[Word], bool] = lambda _: True) -> NDArray[np.uint8]:
        """The scan without the words that `keep` refuses; tilt and noise stay as they are."""
        return scan(paint(self.sheet, keep), self.degrees, self.look.noise, self.case.noise())

    def annotation(self) -> dict[str, Json]:
        """What is on the page and where, as plain data; docs/phi-documents.md describes the fields."""
        marks = [(word, *placed(word.box, self.degrees, self.size)) for word in self.sheet.words]
        values: list[Json] = [
            {
                "type": word.value.type,
                "field": word.value.field,
                "value": word.text,
                "subject": word.value.subject,
                "inferable": word.value.inferable,
                "inferable_from": word.value.inferable_from,
                "column": word.column,
                "page": 1,
                "box": list(box),
                "polygon": [list(corner) for corner in polygon],
            }
            for word, box, polygon in marks
            if word.value
        ]
        words: list[Json] = [
            {"text": word.text, "page": 1, "box": list(box), "column": word.column}
            for word, box, _ in marks
            if not word.value and _NAMED.search(word.text)
        ]
        return {
            "id": self.id,
            "generator": VERSION,
            "seed": self.case.seed,
            "index": self.case.index,
            "layout": self.layout,
            "size": list(self.size),
            "dpi": self.look.dpi,
            "rotation": self.degrees,
            "noise": self.look.noise,
            "face": self.face,
            "swapped": self.look.swap_columns,
            "sha256": self.image.sha256,
            "values": values,
            "words": words,
        }


@lru_cache(maxsize=8)
def _drawn(seed: int, index: int, layout: str, look: Look) -> NDArray[np.uint8]:
    """The scan, kept for a moment: its hash, its PNG and its DICOM file are written one after another."""
    pixels = Document(draw_case(seed, index), layout, look).pixels()
    pixels.setflags(write=False)
    return pixels


def document(seed: int, index: int, layout: str = "", look: Look | None = None) -> Document:
    """Document number `index` of a series; without `layout` the six take turns.

    It depends on its arguments alone, and its values on seed and index alone: the same call with
    `look.swap_columns` shows the same values in the other column. Raises `InputError` for an unknown layout, a
    negative index, or a seed outside 0 to 2**63 - 1.
    """
    if layout and layout not in LAYOUTS:
        raise InputError(f"There is no layout {layout!r}", remedy=f"one of {', '.join(LAYOUTS)}")
    if index < 0 or not 0 <= seed < 2**63:
        raise InputError(f"Expected an index from 0 and a seed from 0 to 2**63 - 1 but got {index} and {seed}")
    return Document(draw_case(seed, index), layout or tuple(LAYOUTS)[index % len(LAYOUTS)], look or Look())
