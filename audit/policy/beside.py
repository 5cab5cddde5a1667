"""Flips beside those of a control: a rate counts as high only where what was done matters, not that something was."""

from __future__ import annotations

from dataclasses import replace

from audit.core.contrast import FlipRate
from audit.core.observation import ModelRole
from audit.policy.arm import Arms, common
from audit.policy.beyond import Exceeding
from audit.policy.context import Context
from audit.policy.draft import Draft
from audit.policy.words import Sample, share_words
from audit.stats.clusters import total_by_cluster
from audit.stats.flip import sign_flip


def with_control(context: Context, draft: Draft, arms: Arms) -> Draft:
    """The draft of a flip rate that names a control, held against the control's flips of the same items.

    One-sided, by exchanging both inside clusters (`sign_flip`). Nothing changes where the control was not asked, or for
    a difference of two models.
    """
    measure, finding = context.measure, draft.finding
    if not isinstance(measure, FlipRate) or not measure.control or finding.comparison != "absolute":
        return draft
    role: ModelRole = "base" if finding.model == "base" else "model"
    own, other = arms.arm(measure, role), arms.arm(replace(measure, condition=measure.control), role)
    places = [place for place in common(own, other) if own.rows[place] and other.rows[place]]
    if draft.evidence is None or not places:
        return draft
    rows = [(*(own.rows[place] or ()), *(other.rows[place] or ())) for place in places]
    clusters, totals = total_by_cluster([own.observations[place].cluster for place in places], rows)
    differences = totals[:, 0] - totals[:, 2]
    p = sign_flip(differences, context.generator(finding), context.policy.resamples) / 2
    exceeds = p if differences.sum() > 0 else 1 - p
    floor = float(totals[:, 2].sum() / totals[:, 3].sum())
    shown = "more than that is shown" if exceeds <= (1 - context.policy.ci_level) / 2 else "more than that is not shown"
    told = share_words(floor, None, None, Sample(len(places), len(clusters))).partition(" (")[0]
    words = f"{finding.plain_words} Under the control, the answer changed in {told}: {shown} (same items, paired)."
    return replace(
        draft, finding=replace(finding, plain_words=words), evidence=Exceeding(draft.evidence, floor, exceeds)
    )
