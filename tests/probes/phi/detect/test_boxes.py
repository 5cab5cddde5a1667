"""Boxes of identifiers, with a reader that is told what it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audit.core.reading import Printed, page
from probes.phi.detect import Detected, detect, located
from probes.phi.detect.boxes import part
from probes.phi.documents import document
from probes.phi.documents.look import Look
from probes.phi.text import Span

if TYPE_CHECKING:
    from audit.core.image import Pixels

BLANK = np.zeros((9, 9), dtype=np.uint8)


@dataclass(frozen=True)
class Told:
    """A reader that returns what it was given."""

    pieces: Sequence[Printed]

    def read(self, pixels: Pixels) -> Sequence[Printed]:
        return self.pieces


def test_a_whole_piece_keeps_its_box_and_a_label_beside_it_tells_what_it_is() -> None:
    pieces = [Printed("MRN", (0, 0, 40, 10)), Printed("46954616", (100, 0, 180, 12))]
    assert detect(Told(pieces), BLANK) == (Detected("mrn", "46954616", (100, 0, 180, 12)),)


def test_part_of_a_line_reaches_beyond_its_characters_and_not_beyond_the_line() -> None:
    line = Printed("MRN 46954616, seen", (0, 0, 180, 10))
    (found,) = detect(Told([line]), BLANK)
    assert found == Detected("mrn", "46954616", (25, 0, 135, 10))
    edges = tuple(float(10 * k) for k in range(19))
    (found,) = detect(Told([Printed(line.text, line.box, edges)]), BLANK)
    assert found.box == (37, 0, 123, 10)


def test_an_identifier_over_two_pieces_gives_a_box_for_each() -> None:
    read = page([Printed("Maria", (0, 0, 50, 10)), Printed("Lopez", (60, 0, 110, 10))])
    assert located(read, [Span(0, 11, "name", "test")]) == (
        Detected("name", "Maria", (0, 0, 50, 10)),
        Detected("name", "Lopez", (60, 0, 110, 10)),
    )


@given(st.integers(1, 30), st.data())
def test_a_part_lies_in_its_piece_and_holds_its_characters(length: int, data: st.DataObject) -> None:
    piece = Printed("x" * length, (3, 5, 3 + 4 * length, 17))
    start = data.draw(st.integers(0, length - 1))
    end = data.draw(st.integers(start + 1, length))
    left, top, right, bottom = part(piece, start, end)
    assert piece.box[0] <= left <= 3 + 4 * start
    assert 3 + 4 * end <= right <= piece.box[2]
    assert (top, bottom) == (5, 17)


def test_a_reader_that_reads_everything_finds_what_a_page_shows() -> None:
    """The boxes of a page's own words, without an OCR: every identifier is detected, at its place."""
    shown = document(77, 1, look=Look(rotation=0, noise=0))
    words = [word for word in shown.sheet.words if word.text.strip(",. ")]
    found = detect(Told([Printed(word.text, word.box) for word in words]), BLANK)
    boxes = {one.box for one in found}
    values = [word for word in words if word.value]
    missed = [word.text for word in values if word.box not in boxes]
    assert len(values) > 20
    assert missed == []
