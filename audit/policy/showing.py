"""Which items show a finding: the first that a person should look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from audit.core.observation import Observation
from audit.policy.arm import Place

MOST = 50
_SEVERITY = ("wrong", "refused", "truncated", "unparsed")


def failures(observations: Iterable[Observation]) -> tuple[str, ...]:
    """Items that were not answered correctly: wrong ones first, then refused, truncated and unreadable ones."""
    bad: dict[str, list[tuple[str, int]]] = {outcome: [] for outcome in _SEVERITY}
    for row in observations:
        if row.outcome in bad:
            bad[row.outcome].append((row.item, row.sample))
    return _first(item for places in bad.values() for item, _ in sorted(places))


def outscored(
    places: Sequence[Place], model: Mapping[Place, Observation], other: Mapping[Place, Observation]
) -> tuple[str, ...]:
    """Items on which two arms differ: those that the model gets wrong and the other right, then the reverse."""
    lost = (place for place in places if _right(other[place]) and not _right(model[place]))
    won = (place for place in places if _right(model[place]) and not _right(other[place]))
    return _first(item for item, _ in chain(lost, won))


def _right(row: Observation) -> bool:
    return row.outcome == "correct"


def _first(items: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for item in items:
        found[item] = None
        if len(found) == MOST:
            break
    return tuple(found)
