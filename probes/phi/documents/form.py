"""The parts of a form: letterhead, two columns of fields, tables, paragraphs; each moves the pen down the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from probes.phi.documents.case import Case
from probes.phi.documents.sheet import COLUMNS, Part, Sheet
from probes.phi.documents.value import Value

MARGIN = 45.0
GUTTER = 16.0
LINE = 18.0


Fields = Mapping[str, Part | Sequence[Part]]
"""What is filled in, by label."""
Block = tuple[str, Fields]


class Form:
    """Writes from the top of a sheet to its bottom. `y` is the next baseline, in points; `swap` exchanges columns."""

    def __init__(self, sheet: Sheet, case: Case, swap: bool = False) -> None:
        self.sheet, self.case, self.swap = sheet, case, swap
        self.width = sheet.width - 2 * MARGIN
        self.size = 9.4 if sheet.face.name == "mono" else 10.5
        self.y = MARGIN

    def v(self, field: str) -> Value:
        """The case's value of that field."""
        return self.case.values[field]

    def address(self, prefix: str = "") -> list[Part]:
        """City, state and ZIP code; the state is no identifier."""
        state = (self.case.site if prefix else self.case.home).state
        return [self.v(f"{prefix}city"), f", {state} ", self.v(f"{prefix}zip")]

    def particulars(self, name: str) -> Fields:
        """Who the patient is and lives where; `name` is the label of the name."""
        return {name: self.v("patient"), "Date of birth": self.v("dob"), "Address": self.v("street"),
                "City": self.address()}  # fmt: skip

    def letterhead(self, extra: Sequence[Sequence[Part]] = ()) -> None:
        """The institution with a mark, its address, and how to reach it; `extra` lines follow on the right."""
        y, right = self.y + 6, self.sheet.width - MARGIN
        self.sheet.bar(MARGIN, y - 13, 26, 26, 70)
        self.sheet.bar(MARGIN + 10.5, y - 9, 5, 18, 255)
        self.sheet.bar(MARGIN + 4, y - 2.5, 18, 5, 255)
        self.sheet.text(MARGIN + 36, y - 1, self.v("institution"), 14, bold=True, width=290)
        small = self.size - 1
        lines: list[Sequence[Part]] = [[self.v("site_street")], self.address("site_")]
        for row, parts in enumerate(lines):
            self.sheet.text(MARGIN + 36, y + 13 + row * 12, parts, small)
        reach: list[Sequence[Part]] = [
            ["Tel ", self.v("site_phone")],
            ["Fax ", self.v("site_fax")],
            [self.v("site_url")],
            *extra,
        ]
        for row, parts in enumerate(reach):
            self.sheet.text(right, y - 4 + row * 12, parts, small, align="right")
        self.y = y + max(34.0, 12 * len(reach) - 3)
        self.rule(1.2)

    def rule(self, thick: float = 0.6) -> None:
        """A line across the page."""
        self.sheet.bar(MARGIN, self.y, self.width, thick, 60)
        self.y += 18

    def title(self, text: str, size: float = 15) -> None:
        """The name of the document."""
        self.sheet.text(MARGIN, self.y + 6, text, size, bold=True)
        self.y += size + 15

    def heading(self, text: str) -> None:
        """A shaded heading across the page."""
        self.sheet.bar(MARGIN, self.y - 11.5, self.width, 16, 222)
        self.sheet.text(MARGIN + 4, self.y, text, self.size, bold=True)
        self.y += 20

    def columns(self, left: Block, right: Block, label: float = 88) -> None:
        """Two headed columns of fields, side by side; swapped where the form swaps."""
        sides = (right, left) if self.swap else (left, right)
        wide, top, ends = (self.width - GUTTER) / 2, self.y, []
        for place, (name, (head, fields)) in enumerate(zip(COLUMNS, sides, strict=True)):
            x, y = MARGIN + place * (wide + GUTTER), top
            self.sheet.bar(x, y - 11.5, wide, 16, 222)
            self.sheet.text(x + 4, y, head, self.size, bold=True, column=name)
            for text, parts in fields.items():
                y += LINE + 1
                self.sheet.text(x + 4, y, text, self.size - 1, width=label - 4, column=name, ink=70)
                y = self.sheet.text(x + label, y, parts, self.size, width=wide - label - 2, column=name)
            ends.append(y)
        self.y = max(ends) + 27

    def table(
        self,
        widths: Sequence[float],
        head: Sequence[str],
        rows: Sequence[Sequence[Part | Sequence[Part]]],
        right: int = 0,
    ) -> None:
        """A ruled table; `widths` are shares of the page, the last `right` columns end at their right edge."""
        edges = [MARGIN + self.width * sum(widths[:place]) for place in range(len(widths) + 1)]
        self.sheet.bar(MARGIN, self.y - 11.5, self.width, 16, 222)
        for number, row in enumerate((head, *rows)):
            low = self.y
            for place, cell in enumerate(row):
                flush = place >= len(widths) - right
                wide = edges[place + 1] - edges[place] - 8
                x = edges[place + 1] - 4 if flush else edges[place] + 4
                end = self.sheet.text(x, self.y, cell, self.size - 0.5, number == 0,
                                      None if flush else wide, align="right" if flush else "left")  # fmt: skip
                low = max(low, end)
            self.y = low + LINE
            self.sheet.bar(MARGIN, self.y - 12.6, self.width, 0.4, 150)
        self.y += 6

    def paragraph(self, parts: Part | Sequence[Part], gap: float = 10, size: float | None = None) -> None:
        """Running text over the whole width."""
        size = size or self.size
        self.y = self.sheet.text(MARGIN + 4, self.y, parts, size, width=self.width - 8) + size * 1.4 + gap

    def signature(self, parts: Sequence[Part]) -> None:
        """A line to sign on, and who signs; the scribble above it is left out."""
        self.y += 20
        self.sheet.bar(MARGIN, self.y, 200, 0.6, 60)
        self.sheet.text(MARGIN, self.y + 12, parts, self.size - 1)
        self.y += 28

    def footer(self, parts: Sequence[Part]) -> None:
        """Small print at the bottom of the page."""
        y = self.sheet.height - 34
        self.sheet.bar(MARGIN, y - 12, self.width, 0.5, 120)
        self.sheet.text(MARGIN, y, parts, self.size - 1.5, width=self.width - 60, ink=60)
        self.sheet.text(MARGIN + self.width, y, "Page 1 of 1", self.size - 1.5, align="right", ink=60)
