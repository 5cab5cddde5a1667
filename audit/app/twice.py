"""What was answered twice, judged: the repeats as they are, in the places of the first answers, and beside these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from audit.app.judging import observe
from audit.app.planning import Planned
from audit.app.repeating import agreement, in_place, self_agreement, stride_of
from audit.app.replies import Replies
from audit.core.measure import Measure
from audit.core.observation import Observation
from audit.core.probe import Probe


@dataclass(frozen=True)
class Twice:
    """The repeats of one probe: `repeats` are judged as they were asked (condition `repeat`), `first` the answers of
    the first time."""

    probe: str
    stride: int
    first: tuple[Observation, ...]
    repeats: tuple[Observation, ...]

    @classmethod
    def of(cls, entry: Planned, probe: Probe, first: Sequence[Observation], replies: Sequence[Replies]) -> Twice:
        """From the replies to one probe; empty where nothing was asked again."""
        repeats = [
            row
            for reply in replies
            if reply.again is not None
            for row in observe(probe, reply.role, reply.again.requests, reply.again.answers, frozenset())
        ]
        own = () if entry.plan is None else entry.plan.requests
        return cls(entry.name, stride_of(own), tuple(first), tuple(repeats))

    @cached_property
    def again(self) -> tuple[Observation, ...]:
        """The repeats in the places of the first answers."""
        return in_place(self.repeats, self.stride)

    @cached_property
    def agreement(self) -> tuple[Observation, ...]:
        """Whether each second answer was read as the first was."""
        return agreement(self.first, self.again)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Self-agreement, where anything was answered twice."""
        return (self_agreement(self.probe),) if self.agreement else ()


def noise_notes(entry: Planned, replies: Sequence[Replies]) -> Iterator[str]:
    """For the report: what was asked twice, and of which model the noise floor is not assessed and why."""
    asked = [reply for reply in replies if reply.again is not None]
    if asked:
        yield (
            f"{len(entry.repeats):,} clean requests were asked again in other batches (--repeats): a flip rate or a"
            " difference counts as a finding only for what exceeds the model's disagreement with itself."
        )
    for reply in replies:
        if reply.again is None and entry.repeats:
            yield (
                f"The noise floor of the {reply.role} is not assessed: its answers were not made for this run and"
                " cannot be asked for again."
            )
        elif reply.again is None:
            yield f"The noise floor of the {reply.role} is not assessed: nothing was to be asked twice."
