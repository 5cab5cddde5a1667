"""Calibration and refusal in an audit or a comparison: from answers to drafts, and to the bins that a report draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from audit.app.repeating import in_place
from audit.app.replies import Replies
from audit.core.answer import Answer
from audit.core.item import CLEAN, Request
from audit.core.observation import Judgement, ModelRole, Observation
from audit.policy.conclude import conclude
from audit.policy.draft import Draft
from audit.policy.policy import Policy
from audit.stats.clusters import total_by_cluster
from audit.stats.proportion import korn_graubard
from probes.calibration.answers import NAME, condition_of, labels_named, probabilities, with_probabilities
from probes.calibration.measures import Bins, confidence, enough, is_clean, measures_of
from reports.schema import BinPart, ReliabilityPart

ROLES: tuple[ModelRole, ...] = ("model", "base")
_UNJUDGED = Judgement("strict", "wrong", None)


@dataclass(frozen=True)
class Calibrated:
    """What is known of how sure the models were and what they refused, over one set of questions.

    `sure` are observations with probabilities, `refusals` clean strict ones; both with those of questions asked again,
    in the places of the first. `tags` tell the findings from those of other sets.
    """

    sure: tuple[Observation, ...]
    refusals: tuple[Observation, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    again: tuple[Observation, ...] = ()

    def drafts(self, policy: Policy, seed: int) -> tuple[Draft, ...]:
        """Draft findings of probe "calibration"."""
        measures = measures_of(self.sure, self.refusals, self.tags)
        return conclude(NAME, measures, (*self.sure, *self.refusals), policy, seed, self.again)


def calibrated(
    probe: str,
    replies: Sequence[Replies],
    controls: frozenset[str],
    observations: Sequence[Observation],
    again: Sequence[Observation],
    stride: int,
) -> Calibrated:
    """Of one probe of an audit: its own requests, controls apart, and `again` its answers to repeats in the places of
    the first."""
    sure = [row for reply in replies for row in _sure(reply.role, reply.requests, reply.answers, controls)]
    repeated = [
        replace(row, condition=condition_of(CLEAN))
        for reply in replies
        if reply.again is not None
        for row in in_place(tuple(_sure(reply.role, reply.again.requests, reply.again.answers, controls)), stride)
    ]
    return Calibrated(
        tuple(sure),
        tuple(refusable(observations)),
        {"probe": probe},
        (*repeated, *refusable(again)),
    )


def reliability_parts(sets: Sequence[Calibrated]) -> Iterator[ReliabilityPart]:
    """The bins of every set and condition about which something is said, for the report."""
    for one in sets:
        named = ", ".join(one.tags.values())
        for condition in dict.fromkeys(row.condition for row in one.sure):
            rows = enough([row for row in one.sure if row.condition == condition])
            roles = [role for role in ROLES if any(row.model == role for row in rows)]
            if roles:
                how = condition.partition(":")[2]
                bins = Bins.of(rows)
                yield {
                    "title": ", ".join(filter(None, (named, how))),
                    "bins": {role: list(_bins(bins, [row for row in rows if row.model == role])) for role in roles},
                    "n_items": len({row.item for row in rows}),
                    "n_clusters": len({row.cluster for row in rows}),
                }


def _bins(bins: Bins, rows: Sequence[Observation]) -> Iterator[BinPart]:
    for place in range(bins.count):
        own = [row for row in rows if bins.place(row) == place]
        if own:
            _, totals = total_by_cluster([row.cluster for row in own], [(row.value or 0.0, 1.0) for row in own])
            share = korn_graubard(totals)
            yield {
                "confidence": sum(map(confidence, own)) / len(own),
                "right": share.estimate,
                "low": None if share.interval is None else share.interval.low,
                "high": None if share.interval is None else share.interval.high,
                "n": len(own),
            }


def refusable(observations: Sequence[Observation]) -> Iterator[Observation]:
    """Clean, strict observations as those of probe "calibration"."""
    return (replace(row, probe=NAME) for row in observations if is_clean(row))


def _sure(
    role: ModelRole, requests: Sequence[Request], answers: Sequence[Answer | None], controls: frozenset[str]
) -> Iterator[Observation]:
    for request, answer in zip(requests, answers, strict=True):
        if answer is None or request.condition in controls:
            continue
        options = request.query.options
        chances, right = probabilities(options, answer), labels_named(request.item.target, options)
        if chances is not None and right:
            yield with_probabilities(Observation.of(NAME, role, request, _UNJUDGED), chances, right)
