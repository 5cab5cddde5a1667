"""Against the base: equivalent, not inferior, superior, inferior, or nothing of it shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from audit.policy.draft import Draft
from audit.policy.policy import Policy
from audit.stats.multiple import holm

Equivalence = Literal["inferior", "equivalent", "superior", "noninferior", "inconclusive"]

_WORDS: dict[str, str] = {
    "inferior": "Shown to be worse than the base model by more than the margin of {margin}.",
    "equivalent": "Shown to be the same as the base model within the margin of {margin}.",
    "superior": "Shown to be better than the base model.",
    "noninferior": "Shown not to be worse than the base model by more than the margin of {margin}.",
    "inconclusive": "Neither sameness within the margin of {margin} nor a difference beyond it is shown.",
}


@dataclass(frozen=True)
class _Claims:
    """p-values of the four claims about one difference, oriented so that positive is better for the model."""

    inferior: float
    equivalent: float
    superior: float
    noninferior: float


def equivalences(drafts: Sequence[Draft], policy: Policy) -> tuple[Equivalence, ...]:
    """What each difference from the base is shown to be; the drafts given are one family.

    "inferior": below minus the margin; "equivalent": inside the margin both ways (TOST, Schuirmann 1987, at
    `equivalence_alpha`); "superior": above 0; "noninferior": above minus the margin. The first that holds is named,
    each after Holm over the family; all but TOST are one-sided at `alpha`. On few clusters only "inferior" can be
    shown.
    """
    claims = [_claims(draft, policy) for draft in drafts]
    levels = {"inferior": policy.alpha, "equivalent": policy.equivalence_alpha}
    found: list[Equivalence] = ["inconclusive"] * len(drafts)
    order: tuple[Equivalence, ...] = ("noninferior", "superior", "equivalent", "inferior")
    for name in order:
        adjusted = holm([getattr(claim, name) for claim in claims])
        for place, p in enumerate(adjusted):
            if p is not None and p <= levels.get(name, policy.alpha):
                found[place] = name
    return tuple(found)


def _claims(draft: Draft, policy: Policy) -> _Claims:
    if draft.evidence is None:
        return _Claims(1.0, 1.0, 1.0, 1.0)
    margin = policy.margin(draft.finding.metric)
    above_low, below_low = draft.evidence.p(-margin)
    above_high, below_high = draft.evidence.p(margin)
    above_zero, below_zero = draft.evidence.p(0.0)
    if math.isnan(above_low):
        return _Claims(1.0, 1.0, 1.0, 1.0)
    equivalent = max(above_low, below_high)
    if draft.finding.direction == "lower":
        inferior, superior, noninferior = above_high, below_zero, below_high
    else:
        inferior, superior, noninferior = below_low, above_zero, above_low
    if draft.evidence.kish_clusters < policy.min_clusters:
        return _Claims(inferior, 1.0, 1.0, 1.0)
    return _Claims(inferior, equivalent, superior, noninferior)


def equivalence_words(found: Equivalence, margin: str) -> str:
    """The conclusion in a sentence; `margin` as people read it."""
    return _WORDS[found].format(margin=margin)
