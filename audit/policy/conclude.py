"""From the observations of one probe to draft findings: every measure, every model, every contrast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit.core.contrast import AgainstCondition, BetweenSlices, OwnTest
from audit.core.measure import Measure
from audit.core.observation import ModelRole, Observation
from audit.policy.arm import Arms
from audit.policy.beside import with_control
from audit.policy.between import between_slices
from audit.policy.clean import against_condition
from audit.policy.context import Context
from audit.policy.contrast import against_base, against_control
from audit.policy.draft import Draft
from audit.policy.noise import Noise, with_noise
from audit.policy.policy import Policy
from audit.policy.score import control_score, score

_ROLES: tuple[ModelRole, ...] = ("model", "base")


def conclude(
    probe: str,
    measures: Sequence[Measure],
    observations: Sequence[Observation],
    policy: Policy,
    seed: int,
    again: Sequence[Observation] = (),
) -> tuple[Draft, ...]:
    """Draft findings of a probe.

    Per measure and role present: its own value; where both roles have it, the paired difference from the base; for each
    condition in `measure.against`, the paired difference from that control and the control's own value. Missing answers
    (`error`) leave both arms of a difference and are counted. `again` are the answers to questions that were asked a
    second time, under the conditions and samples of the first: what no contrast may claim (`with_noise`). Every random
    draw comes from a generator named by the finding's id, so that adding a measure or a probe moves no other interval.
    Raises `ValueError` where a place was observed twice or two measures claim the same finding.
    """
    arms = Arms.of([row for row in observations if row.probe == probe])
    repeated = [row for row in again if row.probe == probe]
    noise = Noise(arms, Arms.of(repeated)) if repeated else None
    contexts = [Context(probe, measure, policy, seed) for measure in measures]
    drafts = [
        with_noise(context, with_control(context, draft, arms), noise)
        for context in contexts
        for draft in _of_measure(context, arms)
    ]
    seen: set[str] = set()
    for draft in drafts:
        if draft.finding.id in seen:
            raise ValueError(f"Expected one measure per claim but got two of {draft.finding.title!r}.")
        seen.add(draft.finding.id)
    return tuple(drafts)


def _of_measure(context: Context, arms: Arms) -> Iterator[Draft]:
    measure = context.measure
    if isinstance(measure, AgainstCondition):
        yield from against_condition(context, measure, arms)
        return
    own = {role: arms.arm(measure, role) for role in _ROLES}
    if isinstance(measure, BetweenSlices):
        yield from between_slices(context, measure, own["model"], own["base"])
        return
    for role, arm in own.items():
        if arm.places:
            yield score(context, role, arm)
    if not isinstance(measure, OwnTest):
        yield from against_base(context, own["model"], own["base"])
    for control in measure.against:
        for role, arm in own.items():
            other = arms.arm(measure, role, control)
            if other.places:
                reaches = control_score(context, role, control, other)
                yield reaches
                yield from against_control(context, role, control, arm, other, reaches.finding)
