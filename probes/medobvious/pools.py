"""Pools: images that look alike to a reader, from which grids are drawn, and the patients that are used up."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from audit.core.dataset import Record

NORMAL = frozenset({"no finding", "no findings", "normal", "healthy", "regular", "no abnormality", "unremarkable"})
# Body parts that lie within, or overlap with, another are one region: telling them apart is not obvious.
_REGIONS: Mapping[str, str] = {
    **dict.fromkeys(("lung", "lungs", "thorax", "heart", "mediastinum", "ribs", "sternum"), "chest"),
    **dict.fromkeys(("brain", "skull", "neuro", "orbit", "sinus", "face"), "head"),
    **dict.fromkeys(("liver", "kidney", "spleen", "pancreas", "gallbladder", "stomach", "bowel", "colon"), "abdomen"),
    **dict.fromkeys(("retina", "fundus"), "eye"),
}
# Views that differ at a glance. PA and AP films do not, so both are frontal; left and right laterals are lateral.
_VIEWS: tuple[tuple[str, str], ...] = (
    (r"decubitus", "decubitus"),
    (r"\blat(eral)?\b|\b[lr]l\b", "lateral"),
    (r"\b(pa|ap|frontal)\b", "frontal"),
    (r"\baxial\b|\btransverse\b", "axial"),
)
# A film has no planes: where one is named, it is the one that the film is parallel to.
_PROJECTIONS = frozenset({"X-ray", "mammography", "angiography", "fluoroscopy"})
# Between these a reader sees the difference at once; other words for views (the centre of a fundus photograph, the
# plane of an ultrasound probe) describe finer points.
PLAIN_VIEWS = frozenset({"frontal", "lateral", "axial", "coronal", "sagittal", "cc", "mlo"})
_SEVERAL = re.compile(r"\S[ ]?(?:/|\||\+|&| or | and |,)[ ]?\S|whole body|abdpelv|chestabd", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Group:
    """What all images of a pool share; "" is an unknown label, which is shared like any other."""

    modality: str
    region: str
    view: str
    finding: str

    @property
    def normal(self) -> bool:
        return self.finding in NORMAL

    @property
    def words(self) -> str:
        return f"{self.modality} of the {self.region}" if self.region else self.modality


def group_of(record: Record) -> Group:
    """The group of a record. A label that says several things is unknown."""
    labels = {name: " ".join(text.split()) for name, text in record.labels.items()}
    modality, anatomy = labels.get("modality", ""), labels.get("anatomy", "").casefold()
    view, finding = labels.get("view", "").casefold(), labels.get("finding", "").casefold()
    region = "" if _SEVERAL.search(anatomy) else _REGIONS.get(anatomy, anatomy)
    seen = next((name for pattern, name in _VIEWS if re.search(pattern, view)), view)
    if modality in _PROJECTIONS:
        seen = {"coronal": "frontal", "sagittal": "lateral"}.get(seen, seen)
    return Group("" if _SEVERAL.search(modality) else modality, region, seen, finding)


@dataclass
class Pools:
    """Records by group and cluster (patient, else image) that may still be used. Shrinks as grids are drawn."""

    limit: int
    free: dict[Group, dict[str, list[Record]]]
    used: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, records: Iterable[Record], limit: int) -> Pools:
        """Pools of `records` that name a modality, each cluster to be used in at most `limit` grids."""
        pools: dict[Group, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for record in records:
            group = group_of(record)
            if group.modality:
                pools[group][record.cluster].append(record)
        return cls(limit, {group: dict(pools[group]) for group in sorted(pools)})

    @property
    def total(self) -> int:
        """How many clusters may still be used, each in one group or another."""
        return len({cluster for clusters in self.free.values() for cluster in clusters})

    def left(self, group: Group) -> int:
        """How many clusters of the group may still be used."""
        return len(self.free[group])

    def take(self, host: Group, n_hosts: int, outlier: Group | None, rng: np.random.Generator) -> list[Record] | None:
        """`n_hosts` images of distinct patients of `host`, then one of `outlier` of yet another; None if too few.

        Of a patient with several images, one that has been shown least is taken.
        """
        hosts = self._some(list(self.free[host]), n_hosts, rng)
        if hosts is None:
            return None
        chosen = [(host, cluster) for cluster in hosts]
        if outlier is not None:
            own = set(hosts)
            others = self._some([cluster for cluster in self.free[outlier] if cluster not in own], 1, rng)
            if others is None:
                return None
            chosen.append((outlier, others[0]))
        return [self._one(group, cluster, rng) for group, cluster in chosen]

    @staticmethod
    def _some(clusters: Sequence[str], number: int, rng: np.random.Generator) -> list[str] | None:
        if len(clusters) < number:
            return None
        return [clusters[place] for place in rng.choice(len(clusters), number, replace=False)]

    def _one(self, group: Group, cluster: str, rng: np.random.Generator) -> Record:
        """An image of the cluster, which is then used once more; a cluster that is used up leaves all groups."""
        records = self.free[group][cluster]
        least = min(self.shown[record.id] for record in records)
        records = [record for record in records if self.shown[record.id] == least]
        record = records[int(rng.integers(len(records)))]
        self.shown[record.id] += 1
        self.used[cluster] += 1
        if self.used[cluster] == self.limit:
            for clusters in self.free.values():
                clusters.pop(cluster, None)
        return record
