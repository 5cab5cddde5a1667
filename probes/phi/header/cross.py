"""Header values that stand in the pixels too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from audit.core.reading import Box, Page
from probes.phi.detect import located
from probes.phi.header.report import Found, HeaderReport
from probes.phi.text import Span, identify
from probes.phi.text.calendar import days

_WORD = re.compile(r"[^\W\d_]{3,}(?:['’\-][^\W\d_]+)*")
_RUN_TOGETHER = 5  # letters from which a name is known inside a longer word: OCR loses spaces
_LEAST = {"id": 4, "text": 6}  # letters and digits
_SIGN = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Seen:
    """A header value in the pixels: the attribute's `place`, what it is, the characters as they were read, and their
    boxes: left, top, right, bottom in pixels, the last two exclusive."""

    place: str
    kind: str
    text: str
    boxes: tuple[Box, ...]


def cross_check(report: HeaderReport, read: Page) -> tuple[Seen, ...]:
    """The values of `report` that `read`, the printed text of the image, shows.

    Person names by each of their words, in any order and case; dates by the day, in any form (a form that may mean
    two days counts for both); identifiers and texts by their letters and digits. UIDs, times, bytes and sequences are
    not looked for. A value that the reader misread is missed.
    """
    dated = [(span, days(span.of(read.text))) for span in identify(read.text) if span.category == "date"]
    seen: dict[tuple[str, int, int], Seen] = {}
    for found in report.found:
        for start, end in sorted(set(_places(found, read.text, dated))):
            boxes = tuple(one.box for one in located(read, [Span(start, end, "other", "header")]))
            kind = "name" if found.vr == "PN" else found.kind
            seen.setdefault((found.value, start, end), Seen(found.place, kind, read.text[start:end], boxes))
    return tuple(seen.values())


def _places(found: Found, text: str, dated: list[tuple[Span, frozenset[date]]]) -> Iterator[tuple[int, int]]:
    if found.vr == "PN":
        for word in _WORD.findall(found.value):
            yield from _again(word, text, inside=len(word) >= _RUN_TOGETHER)
    elif found.vr in ("DA", "DT"):
        wanted = days(found.value[:8])
        yield from ((span.start, span.end) for span, meant in dated if wanted & meant)
    else:
        kind = "id" if found.kind == "private" else found.kind
        least = _LEAST.get(kind)
        for value in found.value.split("\\") if least else ():
            if len(_SIGN.findall(value)) >= (least or 0) and (kind == "text" or re.search("[0-9]", value)):
                yield from _again(value, text, inside=False)


def _again(value: str, text: str, *, inside: bool) -> Iterator[tuple[int, int]]:
    """Where the letters and digits of `value` follow each other in `text`, whatever stands between them; `inside` a
    longer word too."""
    signs = [re.escape(sign) for sign in _SIGN.findall(value)]
    pattern = r"[\W_]{0,3}".join(signs)
    before, after = ("", "") if inside else (r"(?<![^\W_])", r"(?![^\W_])")
    for match in re.finditer(f"{before}{pattern}{after}", text, re.IGNORECASE):
        yield match.span()
