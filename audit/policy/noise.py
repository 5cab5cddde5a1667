"""The noise floor: a contrast counts only for what it shows beyond a model's disagreement with itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from audit.core.contrast import BetweenSlices, FlipRate
from audit.core.finding import Finding
from audit.core.item import CLEAN, REPEAT
from audit.core.measure import Measure
from audit.core.observation import ModelRole
from audit.policy.arm import Arms, Place, common
from audit.policy.beyond import Beyond, Exceeding
from audit.policy.context import Context
from audit.policy.draft import Draft
from audit.policy.flips import Flips
from audit.policy.words import Sample, amount, share_words
from audit.stats.clusters import total_by_cluster
from audit.stats.flip import sign_flip
from audit.stats.proportion import korn_graubard

NOT_ASSESSED = " Whether that is more than the model's disagreement with itself is not assessed."


@dataclass(frozen=True)
class Noise:
    """What the models said first, and what they said when they were asked the same again.

    `again` holds the repeated answers under the conditions and samples of those that they repeat, and `first` the
    self-agreement of each (condition `repeat`, value 1 where the answer was read the same) besides all else.
    """

    first: Arms
    again: Arms

    def change(self, measure: Measure, role: ModelRole) -> float | None:
        """How far the value of a measure moves when the same questions are asked again, without sign; None where none
        was asked again. A measure under a condition that is not repeated is taken on the clean answers."""
        repeated = (role, measure.scoring, measure.condition) in self.again.cells
        here = measure if repeated else replace(measure, condition=CLEAN)
        first, again = self.first.arm(here, role), self.again.arm(here, role)
        places = common(first, again)
        if not places:
            return None
        values = [float(measure.statistic(arm.totals(places).sum(axis=0))) for arm in (first, again)]
        moved = abs(values[1] - values[0])
        return moved if math.isfinite(moved) else None

    def flips(self, measure: FlipRate, role: ModelRole) -> Flips | None:
        """The flips of questions that were asked again, beside whether the answer changed then; None without any."""
        arms = [self.first.arm(replace(measure, condition=name), role) for name in measure.conditions]
        again = self.agreement(role)
        asked = [place for place in again if any(arm.rows.get(place) is not None for arm in arms)]
        return Flips({place: again[place] for place in asked}, tuple(arms)) if asked else None

    def agreement(self, role: ModelRole) -> Mapping[Place, tuple[str, float]]:
        """(cluster, 1 where the answer changed) of each question that was asked again."""
        cell = self.first.cells.get((role, "strict", REPEAT), {})
        return {p: (row.cluster, 1.0 - row.value) for p, row in cell.items() if row.value is not None}


def with_noise(context: Context, draft: Draft, noise: Noise | None) -> Draft:
    """The draft, claiming only what it shows beyond the noise floor.

    A flip rate (absolute) is tested against the share of answers that change when the same is asked again, paired by
    question. A difference (`vs_clean`, `vs_base`, their `did`) has to exceed, on its side of zero, how far the same
    figure moves when the same is asked again, the movements of both models added where both enter. A difference of two
    flip rates has to be there after each model's own changes are taken off, too. Slices of one model's answers and
    controls are as they are.
    """
    measure, finding = context.measure, draft.finding
    if isinstance(measure, BetweenSlices) or measure.condition == REPEAT:
        return draft
    if isinstance(measure, FlipRate):
        return _flips(context, measure, draft, noise)
    roles = _ROLES.get((finding.comparison, finding.model if finding.comparison == "vs_clean" else None))
    if roles is None or noise is None or draft.evidence is None:
        return draft
    moved = [change for role in roles if (change := noise.change(measure, role)) is not None]
    if not moved:
        return draft
    floor = sum(moved)
    beyond = Beyond(draft.evidence, floor)
    tags = {"noise": f"{floor:.6f}"}
    if min(draft.evidence.p(0.0)) <= _shown(context) < min(beyond.p(0.0)):
        tags["within_noise"] = "yes"
    finding = replace(
        finding,
        plain_words=finding.plain_words + _moved(finding, floor, share=draft.share, within="within_noise" in tags),
        tags={**finding.tags, **tags},
    )
    return replace(draft, finding=finding, evidence=beyond)


_ROLES: Mapping[tuple[str, str | None], tuple[ModelRole, ...]] = {
    ("vs_clean", "model"): ("model",),
    ("vs_clean", "base"): ("base",),
    ("vs_base", None): ("model", "base"),
    ("did", None): ("model", "base"),
}


def _flips(context: Context, measure: FlipRate, draft: Draft, noise: Noise | None) -> Draft:
    finding = draft.finding
    role: ModelRole = "base" if finding.model == "base" else "model"
    if measure.control:
        return _beside_control(context, draft, noise, role)
    if finding.comparison == "vs_base":
        return _flips_vs_base(context, measure, draft, noise)
    found = None if noise is None or finding.comparison != "absolute" else noise.flips(measure, role)
    if found is None or draft.evidence is None:
        words = NOT_ASSESSED if finding.comparison == "absolute" else ""
        return replace(draft, finding=replace(finding, plain_words=finding.plain_words + words))
    own = korn_graubard(found.totals, context.policy.ci_level)
    within = not found.p <= _shown(context)
    tags = {
        "noise": f"{own.estimate:.6f}",
        **({} if own.interval is None else {"noise_low": f"{own.interval.low:.6f}"}),
        **({} if own.interval is None else {"noise_high": f"{own.interval.high:.6f}"}),
        "noise_items": str(len(found.again)),
        **({"within_noise": "yes"} if within else {}),
    }
    sample = Sample(len({item for item, _ in found.again}), len(found.totals))
    low, high = (None, None) if own.interval is None else (own.interval.low, own.interval.high)
    changed = share_words(own.estimate, low, high, sample)
    shown = "more flip than that is not shown" if within else "more flip than that (exact test on the same questions)"
    words = f"{finding.plain_words} Asked the same again, the answer changed in {changed}: {shown}."
    finding = replace(finding, plain_words=words, null=own.estimate, tags={**finding.tags, **tags})
    return replace(draft, finding=finding, evidence=Exceeding(draft.evidence, own.estimate, found.p))


def _beside_control(context: Context, draft: Draft, noise: Noise | None, role: ModelRole) -> Draft:
    """Flips that are held against a control: it was asked anew as well, so that its flips hold the noise already. How
    often the model contradicts itself is told over all questions that were asked again."""
    if draft.finding.comparison != "absolute":
        return draft
    words = NOT_ASSESSED
    again = {} if noise is None else noise.agreement(role)
    if again:
        _, totals = total_by_cluster([cluster for cluster, _ in again.values()], [(c, 1.0) for _, c in again.values()])
        own = korn_graubard(totals, context.policy.ci_level)
        low, high = (None, None) if own.interval is None else (own.interval.low, own.interval.high)
        told = share_words(own.estimate, low, high, Sample(len({item for item, _ in again}), len(totals)))
        words = f" Asked the same again, the answer changed in {told}."
    finding = draft.finding
    return replace(draft, finding=replace(finding, plain_words=finding.plain_words + words))


def _flips_vs_base(context: Context, measure: FlipRate, draft: Draft, noise: Noise | None) -> Draft:
    """The difference of both models' flips, tested without what each changes by itself as well."""
    found = {role: None if noise is None else noise.flips(measure, role) for role in ("model", "base")}
    model, base = found["model"], found["base"]
    if model is None or base is None or draft.evidence is None:
        return draft
    sums: dict[str, float] = {}
    for place in model.excess.keys() & base.excess.keys():
        cluster, own = model.excess[place]
        sums[cluster] = sums.get(cluster, 0.0) + own - base.excess[place][1]
    if not sums:
        return draft
    p = sign_flip([sums[name] for name in sorted(sums)], context.generator(draft.finding), context.policy.resamples)
    return replace(draft, evidence=Beyond(draft.evidence, 0.0, p / 2))


def _shown(context: Context) -> float:
    """The one-sided level, before adjustment, at which the sentence of a finding calls something shown."""
    return (1 - context.policy.ci_level) / 2


def _moved(finding: Finding, floor: float, *, share: bool, within: bool) -> str:
    if floor == 0:
        return ""
    who = "both models" if finding.comparison in ("vs_base", "did") else "the model"
    told = f" Asked the same again, {who} moved such a figure by {amount(float(f'{floor:.2g}'), share=share)}"
    return f"{told}: more than that is not shown." if within else f"{told}."
