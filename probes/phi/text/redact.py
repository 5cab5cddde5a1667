"""A text without its identifiers."""

from __future__ import annotations

from collections.abc import Iterable

from probes.phi.text.identify import identify
from probes.phi.text.span import Span


def redact(text: str) -> str:
    """`text` with a placeholder such as `[NAME 1]` in place of each identifier; equal values share a number."""
    return redacted(text, identify(text))


def redacted(text: str, spans: Iterable[Span]) -> str:
    """`text` with a placeholder in place of each of `spans`, which do not overlap and are in order."""
    numbers: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    parts: list[str] = []
    at = 0
    for span in spans:
        key = (span.category, " ".join(span.of(text).lower().split()))
        if key not in numbers:
            counts[span.category] = counts.get(span.category, 0) + 1
            numbers[key] = counts[span.category]
        parts += [text[at : span.start], placeholder(span.category, numbers[key])]
        at = span.end
    return "".join([*parts, text[at:]])


def placeholder(category: str, number: int) -> str:
    """What stands for an identifier: `[NAME 1]`, `[HEALTH PLAN 2]`."""
    return f"[{category.upper().replace('_', ' ')} {number}]"
