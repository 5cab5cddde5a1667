"""Flips beside repeats: the same questions under other conditions, and asked the same again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from audit.policy.arm import Arm, Place
from audit.stats.clusters import total_by_cluster
from audit.stats.repeats import repeat_p

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Flips:
    """Questions that were asked again: their cluster and whether the answer changed then, and the arms of the single
    flips."""

    again: Mapping[Place, tuple[str, float]]
    arms: tuple[Arm, ...]

    @cached_property
    def totals(self) -> NDArray[np.float64]:
        """(changed when asked again, questions) per cluster, shape (C, 2)."""
        clusters = [cluster for cluster, _ in self.again.values()]
        return total_by_cluster(clusters, [(changed, 1.0) for _, changed in self.again.values()])[1]

    @cached_property
    def p(self) -> float:
        """One-sided, by `repeat_p`: the questions of a cluster that have the commonest set of conditions enter."""
        clusters: dict[str, dict[tuple[int, ...], list[list[float]]]] = {}
        for place, (cluster, changed) in self.again.items():
            flips = [None if (row := arm.rows.get(place)) is None else row[0] for arm in self.arms]
            had = tuple(k for k, flip in enumerate(flips) if flip is not None)
            line = [changed, *(flip for flip in flips if flip is not None)]
            clusters.setdefault(cluster, {}).setdefault(had, []).append(line)
        return repeat_p([max(kinds.values(), key=len) for kinds in clusters.values()])

    @cached_property
    def excess(self) -> Mapping[Place, tuple[str, float]]:
        """(cluster, mean of the flips less the change when asked again) of each question."""
        made = {}
        for place, (cluster, changed) in self.again.items():
            flips = [row[0] for arm in self.arms if (row := arm.rows.get(place)) is not None]
            made[place] = cluster, sum(flips) / len(flips) - changed
        return made
