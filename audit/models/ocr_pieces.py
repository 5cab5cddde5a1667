"""What RapidOCR returns, as printed pieces."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from audit.core.reading import Box, Printed


def printed(result: Any, width: int, height: int) -> tuple[Printed, ...]:
    """The lines of a result (`boxes`, `txts`, `word_results`) with boxes inside `width` x `height` pixels; lines
    without a visible character or outside the image are left out."""
    if result.boxes is None or not result.txts:
        return ()
    many = result.word_results or ()
    words = many if len(many) == len(result.txts) else [()] * len(result.txts)
    found: list[Printed] = []
    for corners, text, parts in zip(result.boxes, result.txts, words, strict=True):
        box = hull(corners, width, height)
        if text.strip() and box[0] < box[2] and box[1] < box[3]:
            found.append(Printed(text, box, edges(text, [(part[0], part[2]) for part in parts], box)))
    return tuple(found)


def hull(corners: Iterable[Sequence[float]], width: int, height: int) -> Box:
    """The pixels that hold all corners (x, y), cut to the image."""
    xs, ys = zip(*((float(x), float(y)) for x, y in corners), strict=True)
    left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
    return left, top, min(width, math.ceil(max(xs))), min(height, math.ceil(max(ys)))


def edges(text: str, words: Sequence[tuple[str, Iterable[Sequence[float]]]], box: Box) -> tuple[float, ...]:
    """The edges of the characters of a line, from the corners of its words: within a word all are as wide; () where
    the words do not follow each other in the line."""
    known: dict[int, float] = {0: float(box[0]), len(text): float(box[2])}
    at, right = 0, float(box[0])
    for word, corners in words:
        start = text.find(word, at)
        xs = [float(x) for x, _ in corners]
        if start < 0 or not word or not xs:
            return ()
        left, right, at = max(min(xs), right), max(*xs, right), start + len(word)
        known.setdefault(start, left)
        known.setdefault(at, right)
    return _filled(known, len(text)) if words else ()


def _filled(known: dict[int, float], last: int) -> tuple[float, ...]:
    """Edges between the known ones, evenly spread and never falling."""
    places = sorted(known)
    found: list[float] = []
    for here, there in pairwise(places):
        step = (known[there] - known[here]) / (there - here)
        found += [known[here] + step * k for k in range(there - here)]
    found.append(known[last])
    return tuple(max(found[: k + 1]) for k in range(len(found))) if found != sorted(found) else tuple(found)
