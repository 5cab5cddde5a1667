"""When the answers can tell nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from audit.core.item import CLEAN
from audit.core.observation import Observation

ONE_ANSWER = 0.98
FEWEST = 20


def untold(observations: Sequence[Observation]) -> str:
    """Why nothing can be concluded about a model, "" where it can: it says the same of nearly all images, or nothing
    that can be read, so that no region can move its answer."""
    given = [row.given for row in observations if row.condition == CLEAN and row.scoring == "strict" and _answered(row)]
    if len(given) < FEWEST:
        return ""
    commonest, count = Counter(given).most_common(1)[0]
    if count < ONE_ANSWER * len(given):
        return ""
    said = "could not be read on" if commonest is None else "gives one and the same answer to"
    return f"the model {said} {count} of {len(given)} images, so that no region can move it"


def _answered(row: Observation) -> bool:
    return row.outcome != "error"
