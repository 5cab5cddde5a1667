"""What a reader made of a free-text answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Trouble = Literal["none_named", "several_named", "refused"]


@dataclass(frozen=True)
class Reading:
    """The one thing that an answer names, or why there is none.

    Exactly one of `given` (an option's label, a position, "none", "yes", "no") and `problem` is set. A reading
    depends on the answer and on what was offered, never on what would be right.
    """

    given: str | None = None
    problem: Trouble | None = None


def only(named: Iterable[str], *, refusal: bool = False) -> Reading:
    """The reading of an answer that names `named`: exactly one distinct thing counts as given.

    `refusal` says that the answer reads as a refusal, which matters only where it names nothing.
    """
    distinct = set(named)
    if len(distinct) == 1:
        return Reading(given=distinct.pop())
    if distinct:
        return Reading(problem="several_named")
    return Reading(problem="refused" if refusal else "none_named")
