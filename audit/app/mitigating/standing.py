"""How a model stands on images of held-out patients: groups, the worst of them, and the region cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.core.canonical import Json

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audit.stats.proportion import Proportion
    from probes.spurious.discovery.region_table import RegionTable

LEAST = 10
"""Patients in a group below which it is not called the worst."""


@dataclass(frozen=True, eq=False)
class Finding:
    """A region cluster as it was found before fine-tuning: its number among `medoids` (K, d), and what the rules said
    of it on the images that it was found on."""

    region_cluster: int
    medoids: NDArray[np.float32]
    gap: float
    influence: float
    attribute: int


@dataclass(frozen=True, eq=False)
class Group:
    """The images of a class with the region cluster, or without it, and how many of them are right."""

    label: int
    has: bool
    right: Proportion


@dataclass(frozen=True, eq=False)
class Standing:
    """Accuracy over all images and of each group; the cluster's gap G and influence H under this model, its regions
    being fixed; and p of the largest gap of any cluster."""

    overall: Proportion
    groups: tuple[Group, ...]
    gap: float
    influence: float
    p: float

    @property
    def worst(self) -> Group | None:
        """The group with the lowest accuracy among those of at least 10 patients (Kish); None without one."""
        large = [group for group in self.groups if group.right.kish_clusters >= LEAST]
        return min(large, key=lambda group: group.right.estimate, default=None)

    def plain(self, classes: Sequence[str]) -> dict[str, Json]:
        """As plain data."""
        worst = self.worst
        return {
            "accuracy": plain_share(self.overall),
            "worst_group": None if worst is None else _named(worst, classes),
            "groups": [_named(group, classes) for group in self.groups],
            "performance_gap": round(self.gap, 5),
            "influence": round(self.influence, 5) if self.influence >= 0 else None,
            "p_largest_gap": round(self.p, 5),
        }


def standing(table: RegionTable, assignment: NDArray[np.intp], found: Finding, rng: np.random.Generator) -> Standing:
    """How the model that filled `table` stands; `assignment` (R,) is the cluster of each region, found before."""
    from probes.spurious.discovery.gaps import gaps
    from probes.spurious.discovery.influence import influence
    from probes.spurious.discovery.permutation import max_gap_p

    k = len(found.medoids)
    told = gaps(table, assignment, k)
    return Standing(
        overall=share(table.correct, table.patients),
        groups=grouped(table, told.present[:, found.region_cluster]),
        gap=float(told.G[found.region_cluster]),
        influence=float(influence(table, assignment, told)[found.region_cluster]),
        p=max_gap_p(table, assignment, k, rng).p,
    )


def grouped(table: RegionTable, present: NDArray[np.bool_]) -> tuple[Group, ...]:
    """A group for each class and whether its images have the cluster (N,), those without images left out."""
    import numpy as np

    made = []
    for label in range(table.n_classes):
        for has in (False, True):
            rows = np.flatnonzero((table.labels == label) & (present == has))
            if len(rows):
                made.append(Group(label, has, share(table.correct[rows], table.patients[rows])))
    return tuple(made)


def share(right: NDArray[np.bool_], patients: NDArray[np.intp]) -> Proportion:
    """The share that is right, with its interval over patients (Korn and Graubard 1998)."""
    import numpy as np

    from audit.stats.proportion import korn_graubard

    _, who = np.unique(patients, return_inverse=True)
    totals = np.column_stack([np.bincount(who, right), np.bincount(who)]).astype(np.float64)
    return korn_graubard(totals)


def still_found(after: RegionTable, before: NDArray[np.bool_], rng: np.random.Generator) -> dict[str, Json]:
    """Whether discovery on the same images keeps a region cluster of the fine-tuned model that is the one of before,
    (R,): a Jaccard index of at least 0.5 between their regions (Hennig 2007)."""
    import numpy as np

    from probes.spurious.discovery.ravl import ravl

    kept = ravl(after, rng).kept
    indices = [0.0]
    for one in kept:
        own = np.zeros(len(before), dtype=np.bool_)
        own[one.regions] = True
        indices.append(float(np.count_nonzero(own & before) / np.count_nonzero(own | before)))
    return {"found": max(indices) >= 0.5, "jaccard": round(max(indices), 4), "kept_clusters": len(kept)}


def plain_share(told: Proportion) -> dict[str, Json]:
    """Estimate and interval as plain data."""
    interval = told.interval
    return {
        "estimate": round(told.estimate, 5),
        "low": None if interval is None else round(interval.low, 5),
        "high": None if interval is None else round(interval.high, 5),
        "images": int(told.n_items),
        "patients": round(told.kish_clusters, 1),
    }


def _named(group: Group, classes: Sequence[str]) -> dict[str, Json]:
    return {"class": classes[group.label], "has_region_cluster": group.has, **plain_share(group.right)}
