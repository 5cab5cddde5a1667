"""Two data sets: is the model's difference from its base larger on one than on the other?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from audit.core.finding import Finding
from audit.core.measure import Measure
from audit.policy.arm import Arm, Arms, Place, common, unpaired
from audit.policy.context import Context
from audit.policy.draft import Draft
from audit.policy.evidence_slices import Gap
from audit.policy.policy import Policy
from audit.policy.words import Sample, did_words
from audit.stats.did import did


@dataclass(frozen=True)
class Pair:
    """Both models on one data set, under one measure."""

    name: str
    model: Arm
    base: Arm

    @classmethod
    def of(cls, name: str, measure: Measure, arms: Arms) -> Pair:
        """From the observations of a data set."""
        return cls(name, arms.arm(measure, "model"), arms.arm(measure, "base"))

    @property
    def places(self) -> tuple[Place, ...]:
        """What both models answered."""
        return common(self.model, self.base)


def across(
    probe: str, measure: Measure, first: Pair, second: Pair, policy: Policy, seed: int, tags: dict[str, str]
) -> Draft | None:
    """(Model - base) on the first data set less that on the second (`did`); None where one has no common answer.

    `measure` is that of either data set: what differs between them is which columns the rows have, not the statistic.
    The models are paired inside each data set, the data sets are drawn independently. `tags` are the finding's, in
    place of the measure's.
    """
    context = Context(probe, replace(measure, tags=tags), policy, seed)
    one, two = first.places, second.places
    if not one or not two:
        return None
    title = f"{measure.title}: model against base, {first.name} against {second.name}"
    claim = context.claim(title, "model", "did", base="base")
    found = did(
        (first.model.totals(one), first.base.totals(one)),
        (second.model.totals(two), second.base.totals(two)),
        measure.statistic,
        context.generator(claim),
        policy.resamples,
        level=policy.ci_level,
        sizes=(first.model.sizes(one), second.model.sizes(two)),
    )
    evidence = Gap(found, 2 * measure.span)
    finding = context.measured(claim, evidence, _sample((first, one), (second, two)))
    lost = unpaired(first.model, first.base) + unpaired(second.model, second.base)
    unread = sum(len(pair.model.unjudged(at) | pair.base.unjudged(at)) for pair, at in ((first, one), (second, two)))
    return Draft(
        replace(
            finding,
            plain_words=_words(context, finding, first, second),
            null=0.0,
            n_unjudged=unread,
            tags={**finding.tags, **({"items_unpaired": str(lost)} if lost else {})},
        ),
        evidence,
        measure.kind == "proportion",
    )


def _sample(*pairs: tuple[Pair, tuple[Place, ...]]) -> Sample:
    items = sum(len({item for item, _ in places}) for _, places in pairs)
    clusters = sum(len({row.cluster for row in pair.model.at(places)}) for pair, places in pairs)
    return Sample(items, clusters)


def _words(context: Context, finding: Finding, first: Pair, second: Pair) -> str:
    return did_words(
        f"{context.measure.title}, model less base on {first.name} against {second.name}",
        finding,
        share=context.measure.kind == "proportion",
        than=f"on {second.name}",
        unsettled="That the differences differ is not shown.",
    )
