"""Paired differences: model minus base, model minus control, over what both answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from audit.core.finding import Finding
from audit.core.observation import ModelRole
from audit.policy.arm import Arm, common, unpaired
from audit.policy.context import Context, sample_of
from audit.policy.draft import Draft
from audit.policy.evidence import Difference
from audit.policy.score import control_tags
from audit.policy.showing import outscored
from audit.policy.vision import with_vision_words
from audit.policy.words import Sample, control_words, counted, difference_words
from audit.stats.paired import paired


def against_base(context: Context, model: Arm, base: Arm) -> Iterator[Draft]:
    """Model minus base, where both have the measure."""
    if not model.places or not base.places:
        return
    claim = context.claim(f"{context.measure.title}: against the base model", "model", "vs_base", base="base")
    yield from difference(context, claim, model, base, than="the base model")


def against_control(
    context: Context, role: ModelRole, control: str, own: Arm, other: Arm, reaches: Finding
) -> Iterator[Draft]:
    """A role minus its control. `reaches` is the control's own score: where its interval comes as far as the role's
    score, or the difference is not shown to be there, the words say that the score shows nothing beyond it."""
    if not own.places or not other.places:
        return
    who = "" if role == "model" else " (base model)"
    title = f"{context.measure.title}: against the control {control}{who}"
    claim = context.claim(title, role, "vs_control", tags=control_tags(context, control))
    for draft in difference(context, claim, own, other, than=control_words(control)):
        value = float(context.measure.statistic(own.totals(common(own, other)).sum(axis=0)))
        words, tags = _beyond(draft.finding, value, reaches, control)
        finding = draft.finding
        plain, tags = finding.plain_words + words, {**finding.tags, **tags}
        yield with_vision_words(
            context, control, replace(draft, finding=replace(finding, plain_words=plain, tags=tags))
        )


def _beyond(finding: Finding, value: float, control: Finding, name: str) -> tuple[str, dict[str, str]]:
    """What a comparison with a control means, decided by intervals."""
    if finding.ci_low is None or finding.ci_high is None or control.ci_low is None or control.ci_high is None:
        return " Whether the score shows more than the control reaches cannot be told.", {}
    up = control.ci_high >= value or finding.ci_low <= 0
    down = control.ci_low <= value or finding.ci_high >= 0
    reached = {"higher": up, "lower": down, "none": up and down}[finding.direction]
    if not reached:
        return " The score shows something that the control does not reach.", {}
    without = "" if name.rpartition("+")[2] == "constant" else " without seeing the images"
    return f" The score shows nothing beyond what is reached{without} ({control_words(name)}).", {"reached": "yes"}


def difference(context: Context, claim: Finding, first: Arm, second: Arm, than: str) -> Iterator[Draft]:
    """First arm minus second over what both answered; `than` is what the second is called."""
    places = common(first, second)
    if not places:
        return
    contrast = paired(
        first.totals(places),
        second.totals(places),
        context.measure.statistic,
        context.generator(claim),
        context.policy.resamples,
        level=context.policy.ci_level,
        sizes=first.sizes(places),
    )
    sample = sample_of(places, [row.cluster for row in first.at(places)])
    evidence = Difference(contrast, context.measure.span)
    finding = context.measured(claim, evidence, sample)
    lost = unpaired(first, second)
    tags = {"items_unpaired": str(lost)} if lost else {}
    yield Draft(
        replace(
            finding,
            plain_words=_words(context, finding, sample, than) + _left_out(lost),
            null=0.0,
            n_unjudged=len(first.unjudged(places) | second.unjudged(places)),
            item_ids=outscored(places, first.observations, second.observations),
            tags={**finding.tags, **tags},
        ),
        evidence,
        context.measure.kind == "proportion",
    )


def _words(context: Context, finding: Finding, sample: Sample, than: str) -> str:
    """The difference in a sentence, with whether it is shown to be there."""
    lead = "Base model: " if finding.model == "base" else ""
    if finding.estimate is None:
        return f"{lead}{context.measure.title}: the difference from {than} is undefined ({sample.words})."
    share = context.measure.kind == "proportion"
    figure = difference_words(finding.estimate, finding.ci_low, finding.ci_high, sample, share=share, than=than)
    shown = ""
    if finding.ci_low is not None and finding.ci_high is not None and finding.ci_low <= 0 <= finding.ci_high:
        shown = " A difference is not shown; that does not mean that there is none."
    return f"{lead}{context.measure.title}: {figure}.{shown}"


def _left_out(lost: int) -> str:
    if not lost:
        return ""
    verb = "was" if lost == 1 else "were"
    return f" {counted(lost, 'item')} {verb} answered on one side only and left out of the comparison."
