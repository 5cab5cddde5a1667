"""The many ways to say that nothing stands out: "none", "no outlier", "they are all the same"."""

from __future__ import annotations

import re

from probes.parsing.markup import plain

_THING = (
    r"(?:clinical |obvious |clear |visible |single |apparent )?"
    r"(?:outliers?|anomal(?:y|ies)|odd one out|abnormalit(?:y|ies))"
)
_PANELS = r"(?:(?:of )?(?:the |these |them )?(?:four |nine |4 |9 )?(?:images|scans|panels|pictures)? ?)"
_SAME = r"(?:the same|same|identical|consistent|similar|alike|normal|of the same (?:type|kind|modality))"
_NOTHING = re.compile(
    rf"\bnone\b(?! of the other| of the rest| other| else)"
    rf"|\bno {_THING}\b"
    rf"|\b(?:not|n't)(?: contain| have| see| find| show| identify)? (?:an?|any) {_THING}\b"
    rf"|\bno (?:image|scan|panel|picture|one|position) (?:is|stands|differs|appears)\b"
    rf"|\bnothing (?:stands out|differs|is different)\b"
    rf"|\ball {_PANELS}(?:are |is |appear |look |appear to be |seem |seem to be )?(?:all )?{_SAME}\b"
    rf"|\ball {_PANELS}(?:show|depict|display|belong to) (?:the|a) same\b"
    rf"|\b(?:they|images|scans|panels) (?:are|appear|look) all {_SAME}\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"\b(?:others?|rest|remaining|remainder|while|whereas|except|but for|besides)\b", re.IGNORECASE)
_NOT = re.compile(r"(?:\bnot|n't|\bif|\bunless|\bwhether)\s{1,3}$", re.IGNORECASE)


def says_nothing_differs(text: str) -> bool:
    """Whether `text` says that no panel stands out; "the others are all the same" does not say so."""
    text = plain(text)
    return any(not _qualified(text, match) for match in _NOTHING.finditer(text))


def _qualified(text: str, match: re.Match[str]) -> bool:
    """Whether the words are about the other panels only, or are denied or conditional."""
    if _NOT.search(text[max(0, match.start() - 12) : match.start()]) is not None:
        return True
    if match.group().lower().startswith(("none", "no ")):
        return False
    before = text[max(0, match.start() - 120) : match.start()]
    sentence = re.split(r"[.;!?\n]", before)[-1]
    return _OTHERS.search(sentence) is not None
