"""Derived observations: whether the answer to a changed image is another one than to the image as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from audit.core.item import CLEAN
from audit.core.observation import Observation, Outcome
from probes.spurious.conditions import ANYWHERE, WORST, WORST_CONTROL, edited, flip, is_nuisance, parted

FEWEST = 5
"""Images of the discovery half that a region cluster needs to be chosen as the worst."""
WORST_TAG = "worst"
Seen = Mapping[str, Observation]


def derive(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """Flips of every changed image; those of the worst region cluster and of its control, on the estimation half; and
    the mean of an image's flips under removal of regions drawn by chance."""
    strict = [row for row in observations if row.scoring == "strict"]
    items: dict[tuple[str, str, int], dict[str, Observation]] = defaultdict(dict)
    for row in strict:
        items[row.model, row.item, row.sample][row.condition] = row
    flips = [row for seen in items.values() for row in _flips(seen)]
    return (*flips, *_of_worst(flips), *_anywhere(flips))


def _flips(seen: Seen) -> Iterator[Observation]:
    clean = seen.get(CLEAN)
    for condition, row in seen.items():
        if clean is not None and parted(condition) is not None:
            yield _flip(clean, row, flip(condition))


def _flip(clean: Observation, changed: Observation, condition: str) -> Observation:
    """1 where the answer is another one; an answer that cannot be read differs from one that can."""
    if "error" in (clean.outcome, changed.outcome):
        return replace(changed, condition=condition, outcome="error", value=None)
    flipped = clean.given != changed.given
    outcome: Outcome = "wrong" if flipped else "correct"
    return replace(changed, condition=condition, outcome=outcome, value=float(flipped))


def worst_cluster(flips: Sequence[Observation]) -> str | None:
    """The region cluster without clinical meaning whose removal flips most answers of the model on the discovery half,
    the one of more images on ties; None where no cluster was removed from enough images."""
    seen: dict[str, list[float]] = defaultdict(list)
    for row in flips:
        part = parted(row.condition.removeprefix(flip("")))
        counts = row.model == "model" and row.tags.get("half") == "discovery" and row.value is not None
        if part is not None and counts and part[0] == "removed" and not part[2] and is_nuisance(part[1]):
            seen[part[1]].append(row.value or 0.0)
    able = {name: values for name, values in seen.items() if len(values) >= FEWEST}
    return max(able, key=lambda name: (sum(able[name]) / len(able[name]), len(able[name]), name), default=None)


def _of_worst(flips: Sequence[Observation]) -> Iterator[Observation]:
    name = worst_cluster(flips)
    if name is None:
        return
    named = {flip(edited("removed", name)): WORST, flip(edited("removed", name, control=True)): WORST_CONTROL}
    for row in flips:
        if row.condition in named and row.tags.get("half") == "estimation":
            yield replace(row, condition=named[row.condition], tags={**row.tags, WORST_TAG: name})


def _anywhere(flips: Sequence[Observation]) -> Iterator[Observation]:
    """One mean per image, over the removals of regions drawn by chance that it was asked about."""
    groups: dict[tuple[str, str, int], list[Observation]] = defaultdict(list)
    for row in flips:
        part = parted(row.condition.removeprefix(flip("")))
        if part is not None and part[0] == "removed" and part[2]:
            groups[row.model, row.item, row.sample].append(row)
    for rows in groups.values():
        values = [row.value for row in rows if row.value is not None]
        outcome: Outcome = "error" if not values else "wrong" if any(values) else "correct"
        value = sum(values) / len(values) if values else None
        yield replace(rows[0], condition=ANYWHERE, outcome=outcome, value=value, given=None)
