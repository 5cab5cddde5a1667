"""How strongly a planted feature goes with one class: Cramer's V of a two-by-two table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def planted(
    labels: NDArray[np.intp], target: int, v: float, share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Which images (N,) get the feature, so that Cramer's V between "is of class `target`" and "has it" is `v` in
    expectation.

    `share` is that of the target class among the images, and of the feature: with equal margins V is the phi
    coefficient, P(feature | target) = share + v (1 - share) and P(feature | others) = share (1 - v). v = 0: no
    correlation. Raises `ValueError` unless 0 <= v <= 1 and 0 < share < 1.
    """
    if not 0 <= v <= 1 or not 0 < share < 1:
        raise ValueError(f"Expected 0 <= v <= 1 and 0 < share < 1 but got {v} and {share}.")
    chance = np.where(labels == target, share + v * (1 - share), share * (1 - v))
    has: NDArray[np.bool_] = rng.random(len(labels)) < chance
    return has


def cramers_v(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Cramer's V of two binary variables (N,), 0 to 1; 0 where one of them does not vary."""
    table = np.array([[np.count_nonzero((one == a) & (other == b)) for b in (0, 1)] for a in (0, 1)], dtype=np.float64)
    margins = float(np.prod(table.sum(axis=0)) * np.prod(table.sum(axis=1)))
    determinant = table[0, 0] * table[1, 1] - table[0, 1] * table[1, 0]
    return float(abs(determinant) / np.sqrt(margins)) if margins > 0 else 0.0
