"""Yes or no, read from free text."""

from __future__ import annotations

import re

from probes.parsing.markup import plain
from probes.parsing.reading import Reading, only
from probes.parsing.refusal import is_refusal

_LEAD = re.compile(
    r"[\W_]{0,20}(?:(?:the )?(?:final )?answer(?: is)?[\W_]{1,5})?(yes|no)\b(?! (?:and|or) (?:yes|no)\b)", re.IGNORECASE
)
_LATER = re.compile(
    r"(?:^|[.!?;:\n\"'(]|\banswer is|\bbut|\bwould say|\bsay)\s{0,3}(yes|no)(?=\s{0,3}(?:[,.!;:)\n\"']|$))",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\b(?:yes\W{1,3}(?:and |or )?no|no\W{1,3}(?:and |or )?yes)\b", re.IGNORECASE)
_IS = re.compile(
    r"\b(is|is not|isn't|not) (?:indeed |likely |clearly |considered )?(?:the|an) (?:clinical )?outlier\b",
    re.IGNORECASE,
)


def read_yes_no(text: str) -> Reading:
    """The reading "yes" or "no" of `text`.

    A leading yes or no is the answer, so that a reason may hold the word "no" ("Yes, there is no lung in it");
    otherwise a yes or no that stands as an answer of its own, otherwise "is (not) the outlier". Both together are
    `several_named`.
    """
    text = plain(text)
    if _BOTH.search(text):
        return Reading(problem="several_named")
    lead = _LEAD.match(text)
    named = {match.group(1).lower() for match in _LATER.finditer(text)}
    if lead:
        named.add(lead.group(1).lower())
    if not named:
        named = {"yes" if match.group(1).lower() == "is" else "no" for match in _IS.finditer(text)}
    return only(named, refusal=is_refusal(text))
