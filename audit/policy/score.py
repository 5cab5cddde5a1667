"""A model's own value under a measure, and a control's."""

from __future__ import annotations

import math
from dataclasses import replace

from audit.core.contrast import OwnTest
from audit.core.finding import Finding
from audit.core.measure import Measure
from audit.core.observation import ModelRole
from audit.policy.arm import Arm, Place, bounds, reread_rows
from audit.policy.beyond import OwnP
from audit.policy.context import Context, sample_of
from audit.policy.draft import Draft
from audit.policy.evidence import Evidence, Figure, Share
from audit.policy.showing import failures
from audit.policy.words import Sample, amount, control_words, counted, fill, number_words, share_words
from audit.stats.bootstrap import bootstrap
from audit.stats.combination import few_vary


def score(context: Context, role: ModelRole, arm: Arm) -> Draft:
    """The absolute value of a role, with the bounds that unreadable answers leave."""
    measure = context.measure
    title = measure.title if role == "model" else f"{measure.title} (base model)"
    claim = context.claim(title, role)
    places = arm.places
    evidence, sample = _evidence(context, claim, arm, places), _sample(arm, places)
    finding = context.measured(claim, evidence, sample)
    if isinstance(measure, OwnTest):
        evidence = OwnP(evidence, measure.null or 0.0, measure.test(role, context.generator(claim)))
    limits = bounds(measure, arm)
    tags = {} if limits is None else {"bound_worst": f"{limits[0]:.4f}", "bound_best": f"{limits[1]:.4f}"}
    n_unjudged = len(arm.unjudged(places))
    words = fill(measure.words, value_words(context, finding, sample))
    if role == "base":
        words = f"Base model: {words}"
    return Draft(
        replace(
            finding,
            plain_words=words + _tested(measure, evidence) + _unread(n_unjudged, limits, measure.kind),
            null=measure.null,
            n_unjudged=n_unjudged,
            item_ids=failures(arm.at(places)),
            tags={**finding.tags, **tags},
        ),
        evidence,
        measure.kind == "proportion",
        None if limits is None else _at_worst(measure, arm, places),
    )


def control_score(context: Context, role: ModelRole, control: str, arm: Arm) -> Draft:
    """What a control reaches under the same measure: for information, tested by nobody."""
    measure = context.measure
    title = f"{measure.title}: control {control}" + (" (base model)" if role == "base" else "")
    claim = context.claim(title, role, scoring="control", tags=control_tags(context, control))
    places = arm.places
    sample = _sample(arm, places)
    finding = context.measured(claim, _evidence(context, claim, arm, places), sample)
    words = fill(measure.words, value_words(context, finding, sample))
    lead = f"Control ({control_words(control)}{', base' if role == 'base' else ''}): "
    return Draft(
        replace(finding, plain_words=lead + words, null=measure.null, n_unjudged=len(arm.unjudged(places))), None
    )


def control_tags(context: Context, control: str) -> dict[str, str]:
    """Tags of findings about a control. Controls are judged strictly; one set beside the published scoring says so,
    else two measures of one metric would claim the same finding."""
    beside = {} if context.measure.scoring == "strict" else {"beside": context.measure.scoring}
    return {"control": control, **beside}


def value_words(context: Context, finding: Finding, sample: Sample) -> str:
    """The value with its interval and sample, as a person reads it."""
    if finding.estimate is None:
        return f"undefined ({sample.words})"
    tell = share_words if context.measure.kind == "proportion" else number_words
    return tell(finding.estimate, finding.ci_low, finding.ci_high, sample)


def _evidence(context: Context, claim: Finding, arm: Arm, places: tuple[Place, ...]) -> Evidence:
    totals = arm.totals(places)
    if context.measure.kind == "proportion":
        return Share(totals)
    measure, sizes = context.measure, arm.sizes(places)
    # What is bounded through its shares needs no replicates.
    exact = bool(measure.parts) and few_vary(totals, measure.parts, sizes)
    resamples = 0 if exact else context.policy.resamples
    boot = bootstrap(totals, measure.statistic, context.generator(claim), resamples, sizes=sizes)
    return Figure(boot, totals, measure.parts, sizes)


def _at_worst(measure: Measure, arm: Arm, places: tuple[Place, ...]) -> Evidence | None:
    """A share with every unread answer counted as wrong; None where none is unread or where it does not matter."""
    if measure.kind != "proportion" or measure.direction == "none" or not arm.unjudged(places):
        return None
    pairs = zip(places, reread_rows(measure, arm, places, right=False), strict=True)
    counted_wrong = {place: row for place, row in pairs if row is not None}
    worst = Arm(arm.observations, {place: counted_wrong.get(place) for place in arm.observations})
    return Share(worst.totals(worst.places)) if worst.places else None


def _tested(measure: Measure, evidence: Evidence) -> str:
    """What the own test of a measure says, where it has one."""
    if not isinstance(measure, OwnTest) or not isinstance(evidence, OwnP) or not measure.tested:
        return ""
    told = "not defined here" if math.isnan(evidence.own) else f"{evidence.own:.2g}"
    return f" {measure.tested.replace('{p}', told)}"


def _sample(arm: Arm, places: tuple[Place, ...]) -> Sample:
    return sample_of(places, [row.cluster for row in arm.at(places)])


def _unread(n_unjudged: int, limits: tuple[float, float] | None, kind: str) -> str:
    if not n_unjudged:
        return ""
    said = f" {counted(n_unjudged, 'answer')} could not be read"
    if limits is None:
        return said + "."
    worst, best = (amount(round(limit, 3), share=kind == "proportion") for limit in limits)
    return f"{said}: the figure would be {worst} if all of them were wrong and {best} if all were right."
