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
    """Records by group, and how often each patient has been used. Changes as grids are drawn."""

    limit: int
    records: dict[Group, dict[str, list[Record]]]
    used: Counter[str] = field(default_factory=Counter)
    shown: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, records: Iterable[Record], limit: int) -> Pools:
        """Pools of `records`, each cluster (patient, else image) to be used in at most `limit` grids."""
        pools: dict[Group, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for record in records:
            group = group_of(record)
            if group.modality:
                pools[group][record.cluster].append(record)
        return cls(limit, {group: dict(pools[group]) for group in sorted(pools)})

    @property
    def groups(self) -> tuple[Group, ...]:
        return tuple(self.records)

    def left(self, group: Group) -> list[str]:
        """Clusters of the group with an image that may still be used."""
        return [
            cluster
            for cluster, records in self.records[group].items()
            if self.used[cluster] < self.limit and any(record.id not in self.shown for record in records)
        ]

    def take(self, host: Group, n_hosts: int, outlier: Group | None, rng: np.random.Generator) -> list[Record] | None:
        """`n_hosts` images of distinct patients of `host`, then one of `outlier` of yet another; None if too few.

        No image is given out twice, whatever the limit per patient.
        """
        chosen = self._some(self.left(host), n_hosts, rng)
        if chosen is None:
            return None
        picked = [self._one(host, cluster, rng) for cluster in chosen]
        if outlier is not None:
            rest = self._some([cluster for cluster in self.left(outlier) if cluster not in chosen], 1, rng)
            if rest is None:
                return None
            picked.append(self._one(outlier, rest[0], rng))
        self.used.update(record.cluster for record in picked)
        self.shown.update(record.id for record in picked)
        return picked

    @staticmethod
    def _some(clusters: Sequence[str], number: int, rng: np.random.Generator) -> list[str] | None:
        if len(clusters) < number:
            return None
        return [clusters[place] for place in rng.choice(len(clusters), number, replace=False)]

    def _one(self, group: Group, cluster: str, rng: np.random.Generator) -> Record:
        free = [record for record in self.records[group][cluster] if record.id not in self.shown]
        return free[int(rng.integers(len(free)))]
