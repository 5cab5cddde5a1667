"""The published scoring, with its flaws: so that numbers compare with the leaderboard.

- Multiple choice: the first stand-alone letter A to E of the upper-cased answer, else any A to E in it. Options F to J
  are never read, "bottom-left" reads as B, "NONE" as E (which is middle-center in a 3 x 3 grid), the article "a" as A.
- Open: right where the right position occurs in the answer, even among all others; else the first entry of a fixed
  list that occurs is what was given ("center" is not "middle-center", "no outlier" is not "none").
- Visual: the first word that is yes or no.
What cannot be read counts as wrong, and so does a refusal.
"""

from __future__ import annotations

import re

from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.observation import Judgement

_LETTER = re.compile(r"\b([A-E])\b")
_ANY_LETTER = re.compile(r"[A-E]")
_YES_NO = re.compile(r"\b(yes|no)\b", re.IGNORECASE)
CANDIDATES = (
    "top-left", "top-right", "bottom-left", "bottom-right", "top-center", "middle-left", "middle-center",
    "middle-right", "bottom-center", "center", "centre", "none", "no outlier", "all the same", "all same",
)  # fmt: skip


def judge_published(request: Request, answer: Answer) -> Judgement:
    """The published judgement: value 1 or 0, never left out."""
    kind, target = request.item.tags["format"], request.item.target
    if answer.chosen is not None:
        given: str | None = answer.chosen
    elif kind.endswith("_mcq"):
        given = read_letter(answer.text)
    elif kind == "visual_referring":
        found = _YES_NO.search(answer.text)
        given = found[1].lower() if found else None
    else:
        given = read_candidate(answer.text, target)
    right = given == target
    return Judgement("published", "correct" if right else "wrong", float(right), given)


def read_letter(text: str) -> str | None:
    """The letter that the published parser finds."""
    upper = text.upper()
    found = _LETTER.search(upper) or _ANY_LETTER.search(upper)
    return found.group() if found else None


def read_candidate(text: str, target: str) -> str | None:
    """The position that the published parser credits: the right one wherever it occurs, else the list's first hit."""
    lower = text.lower()
    return target if target in lower else next((name for name in CANDIDATES if name in lower), None)
