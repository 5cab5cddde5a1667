"""Which items show a finding: the first that a person should look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from audit.core.observation import Observation
from audit.policy.arm import Place

MOST = 50
_SEVERITY: Mapping[str, int] = {"wrong": 0, "refused": 1, "truncated": 2, "unparsed": 3}


def failures(observations: Iterable[Observation]) -> tuple[str, ...]:
    """Items that were not answered correctly: wrong ones first, then refused, truncated and unreadable ones."""
    bad = [row for row in observations if row.outcome in _SEVERITY]
    return _first(row.item for row in sorted(bad, key=lambda row: (_SEVERITY[row.outcome], row.item, row.sample)))


def outscored(
    places: Sequence[Place], model: Mapping[Place, Observation], other: Mapping[Place, Observation]
) -> tuple[str, ...]:
    """Items on which two arms differ: those that the model gets wrong and the other right, then the reverse."""
    lost = [place for place in places if _right(other[place]) and not _right(model[place])]
    won = [place for place in places if _right(model[place]) and not _right(other[place])]
    return _first(item for item, _ in (*lost, *won))


def _right(row: Observation) -> bool:
    return row.outcome == "correct"


def _first(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))[:MOST]
