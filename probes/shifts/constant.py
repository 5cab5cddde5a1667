"""The constant control: the most frequent answer, per kind of question, and of all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.observation import Observation, Outcome

GLOBAL = "global+constant"


def constant_answers(requests: Sequence[Request]) -> tuple[Answer, ...]:
    """For each request the option (or the open answer) that is right most often among questions of its kind."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for request in {request.item.id: request for request in requests}.values():
        counts[_kind(request.item.tags)][_first(request.item.tags["answer"])] += 1
    return tuple(Answer(text=_best(request, counts[_kind(request.item.tags)])) for request in requests)


def global_constant(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """What the single most frequent answer of all would have scored, made of the constant control's observations."""
    constant = [row for row in observations if row.condition == "constant" and row.scoring == "control"]
    counts = Counter(row.tags["answer"] for row in {row.item: row for row in constant}.values())
    if not counts:
        return ()
    best = min(counts, key=lambda answer: (-counts[answer], answer))
    return tuple(_scored(row, best) for row in constant)


def _scored(row: Observation, best: str) -> Observation:
    right = row.tags["answer"] == best
    outcome: Outcome = "correct" if right else "wrong"
    return replace(row, condition=GLOBAL, outcome=outcome, value=float(right), given=row.target if right else "other")


def _kind(tags: Mapping[str, str]) -> str:
    return f"{tags['answer_type']}|{tags['question_type']}"


def _first(answer: str) -> str:
    return answer.partition("|")[0]


def _best(request: Request, counts: Counter[str]) -> str:
    """The offered option that is right most often, the first on ties; an open question's most frequent answer."""
    if request.query.options:
        return max(request.query.options, key=lambda option: counts[option.text]).label
    return min(counts, key=lambda answer: (-counts[answer], answer))
