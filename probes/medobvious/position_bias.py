"""Position bias: does a model favour a place, whatever stands there?

The distance between the places named and the places that are right is above zero by chance alone, more so with few
grids, and a bootstrap of it is biased upwards again. So the favourite place is sought among the wrong answers of one
half of the grids, and measured on the other half (and the other way round), where the outlier is elsewhere: how much
more often is it named than an even share of the wrong answers? That is a mean of differences: it is zero on average for
a model without a favourite, however good it is and however the outliers fell, and its interval means what it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from audit.core.canonical import digest
from audit.core.measure import Row
from audit.core.observation import ModelRole, Observation
from probes.medobvious.formats import grid_side
from probes.parsing.positions import position_names

# Model role, side of the grid, half of the clusters.
Fold = tuple[ModelRole, int, int]


def bias_row(observations: Sequence[Observation]) -> Row:
    """Rows (favourite named - wrong / (places - 1), 1), where the favourite is that of the other half of the clusters.

    Enter: pictures with an outlier that is not at the favourite place, questions about its place, answers that name
    one. Shape (2,).
    """
    located = [observation for observation in observations if _pair(observation) is not None]
    halves = _halves(located)
    favourites = _favourites(located, halves)

    def row(observation: Observation) -> Sequence[float] | None:
        pair = _pair(observation)
        side = grid_side(observation.tags["grid"])
        half = halves.get((side, observation.cluster))
        favourite = None if half is None else favourites.get((observation.model, side, 1 - half))
        if pair is None or favourite is None or pair[1] == favourite:
            return None
        return float(pair[0] == favourite) - float(pair[0] != pair[1]) / (side * side - 1), 1.0

    return row


def _halves(located: Sequence[Observation]) -> dict[tuple[int, str], int]:
    """Each (side, cluster) to half 0 or 1: clusters take turns in the order of a hash, the same in every run."""
    clusters = {(grid_side(row.tags["grid"]), row.cluster) for row in located}
    ordered = sorted(clusters, key=lambda each: (each[0], digest(each[1])))
    ranks: Counter[int] = Counter()
    halves = {}
    for side, cluster in ordered:
        halves[side, cluster] = ranks[side] % 2
        ranks[side] += 1
    return halves


def _favourites(located: Sequence[Observation], halves: Mapping[tuple[int, str], int]) -> dict[Fold, int]:
    """The place most often named wrongly in each fold; the first on ties, and where nothing is wrong."""
    wrong: dict[Fold, Counter[int]] = {}
    for observation in located:
        pair = _pair(observation)
        assert pair is not None
        side = grid_side(observation.tags["grid"])
        counts = wrong.setdefault((observation.model, side, halves[side, observation.cluster]), Counter({0: 0}))
        counts[pair[0]] += pair[0] != pair[1]
    return {fold: min(counts, key=lambda place: (-counts[place], place)) for fold, counts in wrong.items()}


def _pair(observation: Observation) -> tuple[int, int] | None:
    """The place that was named and the place that is right (0-based), None where the question or answer has none."""
    tags = observation.tags
    if tags["polarity"] != "positive" or tags["format"] == "visual_referring":
        return None
    given, true = _place(observation.given, tags), _place(observation.target, tags)
    return None if given is None or true is None else (given, true)


def _place(answer: str | None, tags: Mapping[str, str]) -> int | None:
    n = grid_side(tags["grid"])
    if answer is None:
        return None
    if tags["format"].endswith("_mcq"):
        place = ord(answer) - ord("A") if len(answer) == 1 else -1
        return place if 0 <= place < n * n else None
    names = position_names(n)
    return names.index(answer) if answer in names else None
