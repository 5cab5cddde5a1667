"""Refusals: answers that decline to look rather than give an answer."""

from __future__ import annotations

import re

from probes.parsing.markup import plain

_REFUSAL = re.compile(
    r"\b(?:I|we)\s{0,2}(?:can't|cannot|can not|won't|will not|'m unable|am unable|am not able|'m not able|must decline"
    r"|am sorry|'m sorry|apologi[sz]e)\b"
    r"|\b(?:sorry,? (?:but )?I|as an? (?:AI|artificial intelligence|language model))\b"
    r"|\b(?:unable to|cannot) (?:help|assist|provide|view|see|analy[sz]e|interpret|determine|identify)\b"
    r"|\b(?:no|without an?|not see any|don't see any) images? (?:(?:was|were|is|are|has|have) )?(?:been )?"
    r"(?:provided|attached|visible|shared|uploaded)\b",
    re.IGNORECASE,
)


def is_refusal(text: str) -> bool:
    """Whether `text` reads as a refusal ("I cannot help with ...", "no image was provided").

    Only to be asked of an answer that names nothing: "I'm sorry, but it is B" is an answer.
    """
    return _REFUSAL.search(plain(text)) is not None
