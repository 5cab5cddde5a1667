"""Whether the largest gap of a kept region cluster is more than chance: a permutation test over patients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.region_table import RegionTable

PERMUTATIONS = 1000


@dataclass(frozen=True, eq=False)
class MaxGap:
    """The test of "no region cluster is associated with errors".

    `observed` is the largest G over kept clusters, 0 where none is kept; `p` its p-value, never below
    1 / (permutations + 1); `adjusted` (K,) the p-value of each cluster, adjusted for having looked at all K (1 for a
    cluster that is not kept); `movable` the share of patients that have another to be exchanged with.
    """

    observed: float
    p: float
    adjusted: NDArray[np.float64]
    movable: float


def max_gap_p(
    table: RegionTable,
    assignment: NDArray[np.intp],
    k: int,
    rng: np.random.Generator,
    permutations: int = PERMUTATIONS,
) -> MaxGap:
    """Max-statistic permutation p: predictions are exchanged among patients, region clusters stay, the rules are applied
    again, and the largest G of a kept cluster is compared (0 where none is kept)."""
    raise NotImplementedError
