"""Where k-medoids starts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK = 512


def k_medoids_plus_plus(distances: NDArray[np.float32], k: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """K distinct rows (K,): the first at random, each further one with a probability that grows with the square of its
    distance to the nearest so far (Arthur and Vassilvitskii 2007)."""
    chosen = [int(rng.integers(len(distances)))]
    nearest = distances[chosen[0]].astype(np.float64)
    while len(chosen) < k:
        weight = np.square(nearest)
        weight[chosen] = 0
        if not weight.any():  # all that is left equals a medoid
            weight = np.ones(len(distances))
            weight[chosen] = 0
        chosen.append(int(rng.choice(len(distances), p=weight / weight.sum())))
        nearest = np.minimum(nearest, distances[chosen[-1]])
    return np.array(chosen, dtype=np.intp)


def grown(distances: NDArray[np.float32], medoids: NDArray[np.intp], k: int) -> NDArray[np.intp]:
    """K medoids (K,) that begin with those given: each further one lowers the sum of distances to the nearest medoid
    most (the BUILD step of Kaufman and Rousseeuw 1990), the first row on ties."""
    chosen = medoids
    nearest = distances[chosen].min(axis=0)
    while len(chosen) < k:
        saved = np.empty(len(distances), dtype=np.float64)
        for start in range(0, len(distances), BLOCK):
            saved[start : start + BLOCK] = np.maximum(nearest - distances[start : start + BLOCK], 0).sum(axis=1)
        saved[chosen] = -1
        chosen = np.append(chosen, saved.argmax())
        nearest = np.minimum(nearest, distances[chosen[-1]])
    return chosen
