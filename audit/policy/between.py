"""Contrasts between a slice and the rest: differences, relative robustness, and both models' differences compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.core.contrast import BetweenSlices
from audit.core.finding import Finding
from audit.core.observation import ModelRole
from audit.policy.arm import Arm, common
from audit.policy.context import Context, sample_of
from audit.policy.draft import Draft
from audit.policy.evidence import Evidence
from audit.policy.evidence_slices import Gap, Quotient
from audit.policy.showing import failures
from audit.policy.sides import Sides
from audit.policy.words import counted, difference_words, number_words
from audit.stats.clusters import kish_of_weaker
from audit.stats.did import did
from audit.stats.ratio import ratio
from audit.stats.slices import SliceDifference, slice_difference, standardised_difference
from audit.stats.standard import standardised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def between_slices(context: Context, measure: BetweenSlices, model: Arm, base: Arm) -> Iterator[Draft]:
    """The contrast of each model that has answers on both sides, and the difference of their differences."""
    for role, arm in (("model", model), ("base", base)):
        sides = Sides.of(measure, arm, arm.places)
        if sides.inside and sides.outside:
            yield _contrast(context, measure, "model" if role == "model" else "base", arm, sides)
    if measure.how == "difference" and measure.stratum is None:
        sides = Sides.of(measure, model, [p for p in common(model, base) if base.rows[p] is not None])
        if sides.inside and sides.outside:
            yield _both_models(context, measure, model, base, sides)


def _contrast(context: Context, measure: BetweenSlices, role: ModelRole, arm: Arm, sides: Sides) -> Draft:
    title = measure.title if role == "model" else f"{measure.title} (base model)"
    claim = context.claim(title, role, "between_slices")
    reason = ""
    evidence: Evidence
    if measure.how == "ratio":
        evidence, reason = _ratio(context, measure, claim, arm, sides)
    else:
        gap = _difference(context, measure, claim, arm, sides)
        evidence, reason = Gap(gap, measure.span), gap.reason
    null = 1.0 if measure.how == "ratio" else 0.0
    draft = _draft(context, claim, evidence, arm, sides, null)
    words = _words(context, draft.finding, sides, role, reason)
    return replace(draft, finding=replace(draft.finding, plain_words=words))


def _difference(context: Context, measure: BetweenSlices, claim: Finding, arm: Arm, sides: Sides) -> SliceDifference:
    rng, policy = context.generator(claim), context.policy
    if measure.stratum is None:
        return slice_difference(*sides.totals(arm), measure.statistic, rng, policy.resamples, level=policy.ci_level)
    first, second, items = sides.strata(arm, sides.names(arm, measure), measure)
    return standardised_difference(
        first, second, items, measure.statistic, rng, policy.resamples, level=policy.ci_level
    )


def _ratio(context: Context, measure: BetweenSlices, claim: Finding, arm: Arm, sides: Sides) -> tuple[Evidence, str]:
    rng, policy = context.generator(claim), context.policy
    statistic, (first, second) = measure.statistic, sides.totals(arm)
    if measure.stratum is not None:
        one, two, items = sides.strata(arm, sides.names(arm, measure), measure)
        statistic, first, second = standardised(one, two, items, measure.statistic)
        if first.shape[1] == 0:
            nothing = ratio(np.zeros((2, 1)), np.zeros((2, 1)), lambda x: x[..., 0], rng, 1)
            return Quotient(nothing), "no kind of question is common enough in both slices"
    found = ratio(first, second, statistic, rng, policy.resamples, level=policy.ci_level, chance=measure.chance)
    return Quotient(found), found.reason or ""


def _both_models(context: Context, measure: BetweenSlices, model: Arm, base: Arm, sides: Sides) -> Draft:
    title = f"{measure.title}: model against base model"
    claim = context.claim(title, "model", "did", base="base")
    rng, policy, statistic = context.generator(claim), context.policy, measure.statistic
    (m_in, m_out), (b_in, b_out) = sides.totals(model), sides.totals(base)
    held = [np.any(side != 0, axis=1) for side in (m_in + b_in, m_out + b_out)]
    evidence: Evidence
    if np.any(held[0] & held[1]):
        columns = m_in.shape[1]

        def both(sums: Array) -> Array:
            return np.asarray(statistic(sums[..., :columns]) - statistic(sums[..., columns:]), dtype=np.float64)

        evidence = Gap(
            slice_difference(
                np.hstack([m_in, b_in]),
                np.hstack([m_out, b_out]),
                both,
                rng,
                policy.resamples,
                level=policy.ci_level,
            ),
            2 * measure.span,
        )
    else:
        one, two = (m_in[held[0]], b_in[held[0]]), (m_out[held[1]], b_out[held[1]])
        evidence = Gap(did(one, two, statistic, rng, policy.resamples, level=policy.ci_level), 2 * measure.span)
    draft = _draft(context, claim, evidence, model, sides, 0.0)
    words = _words(context, draft.finding, sides, "model", "", than="the base model's")
    return replace(draft, finding=replace(draft.finding, plain_words=words))


def _draft(context: Context, claim: Finding, evidence: Evidence, arm: Arm, sides: Sides, null: float) -> Draft:
    """The finding with its figures; a slice of few clusters is reported and not tested."""
    places = sides.places
    sample = sample_of(places, [row.cluster for row in arm.at(places)])
    finding = context.measured(claim, evidence, sample)
    few = kish_of_weaker(*sides.totals(arm)) < context.policy.min_clusters
    # What was kept back rests on no clusters of its own: then only the slices themselves can be small.
    own = {k: v for k, v in finding.tags.items() if k != "few_clusters" or finding.estimate is not None}
    tags = {**own, **({"few_clusters": "yes"} if few else {})}
    finding = replace(
        finding,
        null=null,
        n_unjudged=len(arm.unjudged(places)),
        item_ids=failures(arm.at(sides.inside)),
        tags=tags,
    )
    share = context.measure.kind == "proportion" and null == 0
    return Draft(finding, None if few or finding.ci_low is None else evidence, share)


def _words(
    context: Context, finding: Finding, sides: Sides, role: ModelRole, reason: str, *, than: str = "in the rest"
) -> str:
    lead = "Base model: " if role == "base" else ""
    sample = sample_of(sides.places, sides.clusters)
    parts = f"{counted(len(sides.inside), 'answer')} in the slice, {len(sides.outside):,} in the rest"
    if finding.estimate is None:
        return f"{lead}{context.measure.title}: not reported, {reason or 'it is undefined'} ({parts})."
    if finding.null == 1:
        figure = number_words(finding.estimate, finding.ci_low, finding.ci_high, sample)
        figure = f"{figure}; 1 says that the slice makes no difference"
    else:
        share = context.measure.kind == "proportion"
        figure = difference_words(finding.estimate, finding.ci_low, finding.ci_high, sample, share=share, than=than)
    few = " The slice is reported and not tested: it holds too few independent groups." if _few(finding) else ""
    why = f" No interval: {reason}." if reason and finding.ci_low is None else ""
    return f"{lead}{context.measure.title}: {figure} ({parts}).{why}{few}"


def _few(finding: Finding) -> bool:
    return finding.tags.get("few_clusters") == "yes"
