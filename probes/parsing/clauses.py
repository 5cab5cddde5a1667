"""Where an answer says that it answers: "Answer: ...", "The outlier is ...", a line of its own."""

from __future__ import annotations

import re

_CUE = re.compile(
    r"\b(?:final answer|answer|position|location|outlier|odd one out)\s{0,3}"
    r"(?:(?:is|would be)\b\s{0,3}:?|[:=])\s{0,3}([^.;\n]{1,200})",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|never|isn't|than|unlike|except)\s{1,3}(?:in\s{1,3}|at\s{1,3})?(?:the\s{1,3})?$", re.IGNORECASE
)


def answer_clauses(text: str) -> tuple[str, ...]:
    """The clauses of `text` (as `markup.plain` leaves it) that are announced as the answer, up to the full stop.

    They let an answer explain itself ("Answer: top-left. The top-right and bottom-left scans are CT.") without
    being taken for one that names everything; whatever they name together still has to be one thing.
    """
    return tuple(match.group(1) for match in _CUE.finditer(text))


def short_lines(text: str) -> tuple[str, ...]:
    """The distinct short lines among the first and the last fifty, where there are several lines: a line that is
    nothing but an option is an answer, whatever the lines around it explain."""
    lines = [line.strip() for line in text.split("\n") if line and not line.isspace()]
    ends = lines if len(lines) <= 100 else [*lines[:50], *lines[-50:]]
    return tuple(dict.fromkeys(line for line in ends if len(line) <= 60)) if len(lines) > 1 else ()


def denied(text: str, start: int) -> bool:
    """Whether what stands at `start` is said *not* to be the answer ("not the top-left")."""
    return _DENIED.search(text[max(0, start - 24) : start]) is not None
