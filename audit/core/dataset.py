"""Data as probes see it: records with labels, and what could not be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from audit.core.canonical import Json
from audit.core.image import Image

DatasetKind = Literal["images", "medobvious", "mediconfusion", "vqa"]


@dataclass(frozen=True)
class Record:
    """One image with its labels.

    `id` is unique in its dataset and holds no identifier of a person: the first hex digits of the pixel hash for
    user images, the
    benchmark's own id for official rows. `cluster` is the patient (pseudonymised), else the study, else the image
    itself.
    `labels` are `modality, anatomy, view, finding` and any further columns, "" never: an unknown label is absent.
    `meta` is what a benchmark row says beyond labels (plain data).
    """

    id: str
    image: Image
    cluster: str
    labels: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with one input, listed rather than fatal.

    `kind`: "unusable" (left out), "duplicate" (pixel-identical to an earlier record), "contradiction"
    (a label against the header), "missing_label", "note". `place` names file and row for the user's own screen;
    it is never put into a report (`report_place` is: no path, no identifier).
    """

    kind: Literal["unusable", "duplicate", "contradiction", "missing_label", "note"]
    place: str
    reason: str
    report_place: str = ""


@dataclass(frozen=True)
class Dataset:
    """Records, and what was learnt while reading them.

    `source` is what the user named (for the screen); `sha256` is a digest over record ids, pixel hashes, clusters
    and labels, so that
    a run can say what it was done on. `rules` are sentences for the report: how slices were picked, how pixels were
    windowed,
    what the cluster is. `n_seen` counts the inputs that were looked at, usable or not.
    """

    name: str
    kind: DatasetKind
    records: tuple[Record, ...]
    source: str = ""
    sha256: str = ""
    problems: tuple[Problem, ...] = ()
    rules: tuple[str, ...] = ()
    n_seen: int = 0
    has_patients: bool = False

    @property
    def n_unusable(self) -> int:
        """How many inputs were left out."""
        return sum(problem.kind == "unusable" for problem in self.problems)
