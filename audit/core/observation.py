"""Observations: one judged answer each; the table from which every number is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from audit.core.item import CLEAN, Request

Scoring = Literal["published", "strict", "control"]
ModelRole = Literal["model", "base"]
Outcome = Literal["correct", "wrong", "refused", "truncated", "unparsed", "error"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

OBSERVATIONS_SCHEMA = "medaudit.observations/1"


@dataclass(frozen=True)
class Judgement:
    """What an answer is worth under one scoring.

    `value` is the score (1 right, 0 not, or a graded value) and None where the answer is missing (`error`)
    or where the scoring leaves it out of the denominator. `given` is the answer as parsed (an option label,
    a position), None where nothing could be read. `tags` say what else the answer shows: they stand beside those of
    the item.
    """

    scoring: Scoring
    outcome: Outcome
    value: float | None
    given: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Observation:
    """A judgement with what it is about. `model` is the role ("model" or "base"), not the name."""

    probe: str
    item: str
    cluster: str
    model: ModelRole
    scoring: Scoring
    outcome: Outcome
    value: float | None
    given: str | None = None
    target: str = ""
    condition: str = CLEAN
    sample: int = 0
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def judged(self) -> bool:
        """Whether the answer could be read: not refused, truncated, unparsed or missing."""
        return self.outcome in ("correct", "wrong")

    @classmethod
    def of(cls, probe: str, role: ModelRole, request: Request, judgement: Judgement) -> Observation:
        """What a model's answer to a request is worth, with what the request was about."""
        item = request.item
        return cls(
            probe=probe,
            item=item.id,
            cluster=item.cluster,
            model=role,
            scoring=judgement.scoring,
            outcome=judgement.outcome,
            value=judgement.value,
            given=judgement.given,
            target=item.target,
            condition=request.condition,
            sample=request.query.sample,
            tags={**item.tags, **judgement.tags} if judgement.tags else item.tags,
        )
