"""What this sample can detect, and what it would take to settle the policy's margin."""

from __future__ import annotations

import math
from dataclasses import dataclass

from audit.policy.draft import Draft
from audit.policy.policy import Policy
from audit.policy.words import amount, counted
from audit.stats.power import clusters_needed, mde


@dataclass(frozen=True)
class Effect:
    """The minimum detectable effect in the metric's unit, and the clusters that would bring it down to the margin."""

    mde: float | None
    clusters: int | None
    margin: float
    share: bool

    @property
    def tags(self) -> dict[str, str]:
        """`clusters_needed`, where it is known."""
        return {} if self.clusters is None else {"clusters_needed": str(self.clusters)}

    @property
    def words(self) -> str:
        """The way out of an inconclusive result, empty where it is not known."""
        if self.mde is None or self.clusters is None:
            return ""
        groups = counted(self.clusters, "independent group")
        seen = amount(float(f"{self.mde:.2g}"), share=self.share)
        margin = amount(self.margin, share=self.share)
        return f" This sample can detect an effect of {seen}; to resolve the margin of {margin} takes about {groups}."


def effect_of(draft: Draft, alpha: float, policy: Policy) -> Effect:
    """From the standard error and a one-sided, already adjusted alpha; never from the observed effect."""
    margin = policy.margin(draft.finding.metric)
    se = math.nan if draft.evidence is None else draft.evidence.se
    if not math.isfinite(se):
        return Effect(None, None, margin, draft.share)
    clusters = clusters_needed(se, draft.finding.n_clusters, margin, alpha, policy.power)
    return Effect(mde(se, alpha, policy.power), clusters, margin, draft.share)
