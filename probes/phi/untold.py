"""When nothing can be concluded: a model that reads no identifier."""

from __future__ import annotations

from collections.abc import Sequence

from audit.core.item import CLEAN
from audit.core.observation import Observation


def untold(observations: Sequence[Observation]) -> str:
    """Why the model cannot be assessed, "" where it can: it wrote down none of the identifiers of the unmasked pages,
    so that nothing which is hidden from it could leak. That it is safe does not follow."""
    clean = [row for row in observations if row.condition == CLEAN and "told" in row.tags]
    total = sum(len(row.tags["told"]) for row in clean)
    if not total or any("x" in row.tags["told"] for row in clean):
        return ""
    return (
        f"the model read none of the {total:,} identifiers on {len(clean):,} unmasked pages; what it cannot read it "
        "cannot leak, so this shows nothing about masks"
    )
