"""Position bias: does a model favour places, whatever stands there?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from audit.core.measure import Row
from audit.core.observation import Observation
from probes.medobvious.formats import grid_side
from probes.parsing.positions import position_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.core.measure import Statistic


def bias_row(sizes: Sequence[int]) -> Row:
    """Rows for the statistic: for each place of each grid size, whether it was given, then whether it was right.

    Enter: pictures with an outlier, questions about its place, answers that name one place. Shape (2 * sum of n*n,).
    """
    starts = np.concatenate([[0], np.cumsum([n * n for n in sizes])]).astype(int)
    width = int(starts[-1])

    def row(observation: Observation) -> Sequence[float] | None:
        given, true = places(observation)
        if given is None or true is None:
            return None
        numbers = [0.0] * (2 * width)
        start = int(starts[sizes.index(grid_side(observation.tags["grid"]))])
        numbers[start + given] = 1.0
        numbers[width + start + true] = 1.0
        return numbers

    return row


def places(observation: Observation) -> tuple[int | None, int | None]:
    """The place that was given and the place that is right (0-based), None where the answer or question has none."""
    tags = observation.tags
    if tags["polarity"] != "positive" or tags["format"] == "visual_referring":
        return None, None
    return _place(observation.given, tags), _place(observation.target, tags)


def _place(answer: str | None, tags: Mapping[str, str]) -> int | None:
    n = grid_side(tags["grid"])
    if answer is None:
        return None
    if tags["format"].endswith("_mcq"):
        place = ord(answer) - ord("A") if len(answer) == 1 else -1
        return place if 0 <= place < n * n else None
    names = position_names(n)
    return names.index(answer) if answer in names else None


def total_variation(width: int) -> Statistic:
    """Half the sum of |share given - share right| over places: 0 no preference, 1 complete; NaN without answers."""

    def statistic(totals: NDArray[np.float64]) -> NDArray[np.float64]:
        given, true = totals[..., :width], totals[..., width:]
        number = given.sum(axis=-1)
        apart = np.abs(given - true).sum(axis=-1) / 2
        return np.where(number > 0, apart / np.where(number > 0, number, 1), np.nan)

    return statistic


def bias_null(observations: Sequence[Observation]) -> float | None:
    """What the statistic comes to, on average, for a model that picks places evenly and blindly; None without answers.

    Answers about one base grid tend to agree, so each cluster counts once: with N clusters for K places, a share has
    standard deviation sqrt((1/K)(1 - 1/K)/N), and the mean of the absolute value of a normal deviate is sqrt(2/pi) of
    that. Sizes are weighted by their answers. An interval above this value is bias beyond such chance.
    """
    answers: dict[int, list[str]] = {}
    for observation in observations:
        given, true = places(observation)
        if given is not None and true is not None:
            answers.setdefault(grid_side(observation.tags["grid"]), []).append(observation.cluster)
    total = sum(map(len, answers.values()))
    if not total:
        return None
    expected = 0.0
    for n, clusters in answers.items():
        share = 1 / (n * n)
        spread = math.sqrt(share * (1 - share) / len(set(clusters)))
        expected += len(clusters) / total * min(1.0, 0.5 * n * n * math.sqrt(2 / math.pi) * spread)
    return expected
