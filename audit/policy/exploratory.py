"""Exploratory findings: flagged after Benjamini-Hochberg, never passed or failed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from audit.core.finding import Finding
from audit.policy.draft import Draft
from audit.policy.effect import effect_of
from audit.policy.policy import Policy
from audit.stats.multiple import benjamini_hochberg


def family_of(finding: Finding) -> str:
    """The family that a finding is adjusted in: its probe's findings of one comparison and one role."""
    role = "" if finding.model == "model" else f".{finding.model}"
    return f"{finding.probe}.{finding.comparison}{role}"


def exploratory_findings(drafts: Sequence[Draft], policy: Policy) -> tuple[Finding, ...]:
    """The findings of drafts that are no primary endpoint, in the order given, all with verdict `info`.

    Each is tested two-sided against its `null` (chance, or no difference), where it has one.
    """
    ps = [_p(draft) for draft in drafts]
    families: dict[str, list[int]] = {}
    for place, draft in enumerate(drafts):
        if draft.evidence is not None:
            families.setdefault(family_of(draft.finding), []).append(place)
    adjusted: dict[int, float | None] = {}
    for places in families.values():
        adjusted.update(zip(places, benjamini_hochberg([ps[place] for place in places]), strict=True))
    return tuple(_finding(draft, ps[k], adjusted.get(k), policy) for k, draft in enumerate(drafts))


def _p(draft: Draft) -> float | None:
    if draft.evidence is None or draft.finding.null is None:
        return None
    p = draft.evidence.p_two_sided(draft.finding.null)
    return None if math.isnan(p) else p


def _finding(draft: Draft, p: float | None, adjusted: float | None, policy: Policy) -> Finding:
    finding = draft.finding
    if draft.evidence is None:
        return finding
    effect = effect_of(draft, (1 - policy.ci_level) / 2, policy)
    flag = _flag(finding, adjusted, policy)
    return replace(
        finding,
        family=family_of(finding) if p is not None else None,
        p=p,
        p_adjusted=adjusted,
        mde=effect.mde,
        tags={**finding.tags, **effect.tags, **({"flag": flag} if flag else {})},
    )


def _flag(finding: Finding, adjusted: float | None, policy: Policy) -> str:
    """ "worse" or "better" than the null (or "differs", where neither way is better), if shown; else ""."""
    if adjusted is None or adjusted > policy.fdr or finding.estimate is None or finding.null is None:
        return ""
    if finding.direction == "none" or finding.estimate == finding.null:
        return "differs"
    return "better" if (finding.estimate > finding.null) == (finding.direction == "higher") else "worse"
