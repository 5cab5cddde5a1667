"""Other rankings of regions under one interface, to compare with: random, Domino, confidence of wrong answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.domino import domino
from probes.spurious.discovery.region_table import RegionTable

Ranking = Callable[[RegionTable, np.random.Generator], NDArray[np.intp]]


def at_random(table: RegionTable, rng: np.random.Generator) -> NDArray[np.intp]:
    """All regions in random order: the share of regions that hold the feature is what this reaches."""
    return rng.permutation(len(table.image))


def by_confidence(table: RegionTable, rng: np.random.Generator) -> NDArray[np.intp]:
    """Regions of wrongly classified images, by the score that each gives the image's predicted class, largest first.

    Equal scores are ordered at random. Images whose prediction could not be read do not enter.
    """
    wrong = ~table.correct & (table.predictions >= 0)
    rows = np.flatnonzero(wrong[table.image])
    score = table.scores[rows, table.predictions[table.image[rows]]]
    return rows[np.lexsort((rng.random(len(rows)), -score))]


BASELINES: Mapping[str, Ranking] = MappingProxyType(
    {"random": at_random, "domino": domino, "confidence": by_confidence}
)
