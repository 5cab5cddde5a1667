"""Derived observations: what one question came to over the severities of a corruption, and where answers flipped.

Conditions: "mean:NAME" is the mean over the severities asked, "shifted" the mean over corruptions; "flip:..." say
whether the answer differs from the one to the clean image. The mean over what was asked of an item needs all of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from audit.core.item import CLEAN
from audit.core.observation import Observation, Outcome
from probes.shifts.constant import global_constant
from probes.shifts.suite import CORRUPTION

SHIFTED, FLIP, MEAN = "shifted", "flip", "mean"
LOSS = "loss."
Seen = Mapping[str, Observation]


def parted(condition: str) -> tuple[str, str]:
    """(corruption, severity) of a condition; a condition of another make is its own corruption, of no severity."""
    head, _, rest = condition.partition(":")
    name, _, severity = rest.rpartition(":")
    return (name, severity) if head == CORRUPTION and name else (condition, "")


def mean_condition(name: str, conditions: Sequence[str]) -> str:
    """The condition that stands for a corruption as a whole: its only one, or the mean over its severities."""
    own = [condition for condition in conditions if parted(condition)[0] == name]
    return own[0] if len(own) == 1 else f"{MEAN}:{name}"


def shifts_among(observations: Sequence[Observation]) -> tuple[str, ...]:
    """The conditions that shift images, in order of first appearance, without derived ones."""
    found = dict.fromkeys(row.condition for row in observations if row.scoring == "strict")
    return tuple(name for name in found if name not in (CLEAN, SHIFTED) and not _is_derived(name))


def derive(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """Means over severities and over corruptions, flips of closed answers, and the global constant control."""
    conditions = shifts_among(observations)
    items: dict[tuple[str, str, int], dict[str, Observation]] = defaultdict(dict)
    for row in observations:
        if row.scoring == "strict":
            items[row.model, row.item, row.sample][row.condition] = row
    made = [row for seen in items.values() for row in _of_item(seen, conditions)]
    return (*made, *global_constant(observations))


def _of_item(seen: Seen, conditions: Sequence[str]) -> Iterator[Observation]:
    """All that one item came to. Which corruptions it was asked under depends on its modality."""
    asked = [condition for condition in conditions if condition in seen]
    names = list(dict.fromkeys(parted(condition)[0] for condition in asked))
    clean, means, flips = seen.get(CLEAN), {}, {}
    for name in names:
        own = [seen[condition] for condition in asked if parted(condition)[0] == name]
        condition = mean_condition(name, conditions)
        means[name] = own[0] if condition in seen else _mean(own, condition)
        if condition not in seen:
            yield means[name]
        if clean is not None and clean.tags["answer_type"] == "closed":
            each = [_flip(clean, row, f"{FLIP}:{row.condition}") for row in own]
            yield from each
            flips[name] = each[0] if condition in seen else _mean(each, f"{FLIP}:{condition}")
            if condition not in seen:
                yield flips[name]
    if means:
        yield _with_losses(_mean(list(means.values()), SHIFTED), clean, means)
    if flips:
        yield _mean(list(flips.values()), FLIP)


def _mean(rows: Sequence[Observation], condition: str) -> Observation:
    values = [row.value for row in rows if row.value is not None]
    outcome = _outcome([row.outcome for row in rows])
    value = None if outcome == "error" or not values else sum(values) / len(values)
    return replace(rows[0], condition=condition, outcome=outcome, value=value, given=None)


def _outcome(outcomes: Sequence[Outcome]) -> Outcome:
    """Right where all are, unread where none was read; anything between is wrong in part."""
    if "error" in outcomes:
        return "error"
    if all(outcome == "correct" for outcome in outcomes):
        return "correct"
    return "wrong" if {"correct", "wrong"} & set(outcomes) else outcomes[0]


def _flip(clean: Observation, shifted: Observation, condition: str) -> Observation:
    """1 where the answer is another one; an answer that cannot be read differs from one that can."""
    if "error" in (clean.outcome, shifted.outcome):
        return replace(shifted, condition=condition, outcome="error", value=None)
    flipped = clean.given != shifted.given
    outcome: Outcome = "wrong" if flipped else "correct"
    return replace(shifted, condition=condition, outcome=outcome, value=float(flipped))


def _with_losses(shifted: Observation, clean: Observation | None, means: Mapping[str, Observation]) -> Observation:
    """What each corruption cost this item, for finding the worst."""
    if clean is None or clean.value is None:
        return shifted
    losses = {f"{LOSS}{name}": f"{row.value - clean.value:.6f}" for name, row in means.items() if row.value is not None}
    return replace(shifted, tags={**shifted.tags, **losses})


def _is_derived(condition: str) -> bool:
    return condition == FLIP or condition.startswith((f"{FLIP}:", f"{MEAN}:"))
