"""Paired differences of one model from its own answers under another condition, and of both models' differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.core.contrast import AgainstCondition
from audit.core.finding import Finding
from audit.core.item import CLEAN
from audit.core.observation import ModelRole
from audit.policy.arm import Arm, Arms, Place, common, unpaired
from audit.policy.context import Context, sample_of
from audit.policy.contrast import difference
from audit.policy.draft import Draft
from audit.policy.evidence import Difference
from audit.policy.showing import outscored
from audit.policy.words import did_words
from audit.stats.paired import paired

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def against_condition(context: Context, measure: AgainstCondition, arms: Arms) -> Iterator[Draft]:
    """`vs_clean` (or `vs_control`) of each model that answered under both conditions; `did` where both models did."""
    reference = replace(measure, condition=measure.reference)
    own = {role: (arms.arm(measure, role), arms.arm(reference, role)) for role in _ROLES}
    plain = "their clean originals" if measure.reference == CLEAN else f"the condition {measure.reference!r}"
    name = measure.than or plain
    for role, (shifted, clean) in own.items():
        if shifted.places and clean.places:
            title = measure.title if role == "model" else f"{measure.title} (base model)"
            claim = context.claim(title, role, measure.comparison)
            # Clean answers to items that were never asked under the condition are no loss.
            cell = arms.cells[role, measure.scoring, measure.condition]
            asked = Arm(
                {p: seen for p, seen in clean.observations.items() if p in cell},
                {p: row for p, row in clean.rows.items() if p in cell},
            )
            yield from difference(context, claim, shifted, asked, than=name)
    if all(arm.places for pair in own.values() for arm in pair):
        yield from _did(context, own["model"], own["base"])


_ROLES: tuple[ModelRole, ...] = ("model", "base")


def _did(context: Context, model: tuple[Arm, Arm], base: tuple[Arm, Arm]) -> Iterator[Draft]:
    """(Shifted - clean) of the model less that of the base, over items that both answered under both conditions."""
    shared = [set(common(*pair)) for pair in (model, base)]
    places: tuple[Place, ...] = tuple(sorted(shared[0] & shared[1]))
    if not places:
        return
    claim = context.claim(f"{context.measure.title}: model against base model", "model", "did", base="base")
    columns, statistic = model[0].totals(places).shape[1], context.measure.statistic

    def change(sums: Array) -> Array:
        return np.asarray(statistic(sums[..., :columns]) - statistic(sums[..., columns:]), dtype=np.float64)

    first, second = (np.hstack([arm.totals(places) for arm in pair]) for pair in (model, base))
    contrast = paired(
        first,
        second,
        change,
        context.generator(claim),
        context.policy.resamples,
        level=context.policy.ci_level,
        sizes=model[0].sizes(places),
    )
    sample = sample_of(places, [row.cluster for row in model[0].at(places)])
    evidence = Difference(contrast, 2 * context.measure.span)
    finding = context.measured(claim, evidence, sample)
    lost = unpaired(model[0], base[0])
    yield Draft(
        replace(
            finding,
            plain_words=_words(context, finding),
            null=0.0,
            n_unjudged=len(model[0].unjudged(places) | base[0].unjudged(places)),
            item_ids=outscored(places, model[0].observations, base[0].observations),
            tags={**finding.tags, **({"items_unpaired": str(lost)} if lost else {})},
        ),
        evidence,
        context.measure.kind == "proportion",
    )


def _words(context: Context, finding: Finding) -> str:
    return did_words(
        f"{context.measure.title}, model against base",
        finding,
        share=context.measure.kind == "proportion",
        than="for the base model",
        unsettled="A difference is not shown.",
    )
