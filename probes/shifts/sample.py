"""Fewer questions, chosen fairly: strata in turn or in proportion, patients spread, by a seeded draw."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from probes.shifts.questions import Question

if TYPE_CHECKING:
    import numpy as np


def sampled(
    questions: Sequence[Question],
    n: int,
    stratum: Callable[[Question], tuple[str, ...]],
    rng: np.random.Generator,
    *,
    equal: bool = False,
    used: Counter[str] | None = None,
) -> tuple[Question, ...]:
    """At most `n` questions, in their order. Strata get shares in proportion to what they hold, or `equal` ones; within
    a stratum those of patients that were used least come first (`used` counts), equal claims are settled by chance."""
    if n >= len(questions):
        return tuple(questions)
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        groups[stratum(question)].append(place)
    queues = [[members[i] for i in rng.permutation(len(members))] for _, members in sorted(groups.items())]
    queues = [queues[i] for i in rng.permutation(len(queues))]
    used = Counter() if used is None else used
    chosen: set[int] = set()
    for queue in _turns(queues, equal=equal):
        if len(chosen) == n:
            break
        times = [used[questions[place].record.cluster] for place in queue]
        picked = queue.pop(times.index(min(times)))
        used[questions[picked].record.cluster] += 1
        chosen.add(picked)
    return tuple(questions[place] for place in sorted(chosen))


def balanced(questions: Sequence[Question], n: int, rng: np.random.Generator) -> tuple[Question, ...]:
    """At most `n` questions, as many of each kind as of any other, and within a kind of each right answer."""
    kinds: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        kinds[question.question_type].append(question)
    chosen: set[str] = set()
    used: Counter[str] = Counter()
    left = n
    for place, kind in enumerate(sorted(kinds, key=lambda kind: (len(kinds[kind]), kind))):
        share = left // (len(kinds) - place)
        picked = sampled(kinds[kind], share, lambda question: question.answers, rng, equal=True, used=used)
        chosen |= {question.id for question in picked}
        left -= len(picked)
    return tuple(question for question in questions if question.id in chosen)


def _turns(queues: Sequence[list[int]], *, equal: bool) -> list[list[int]]:
    """The queues in the order in which they are drawn from, each as often as it is long."""
    placed = [
        ((turn + 0.5) / (1 if equal else len(queue)), place)
        for place, queue in enumerate(queues)
        for turn in range(len(queue))
    ]
    return [queues[place] for _, place in sorted(placed)]
