"""Labelled images with their regions: what is fine-tuned on, what is searched, and what is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.core.dataset import Record
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.reading import Box
from probes.spurious.regions.propose import propose

Seen = Callable[[Image, Sequence[Box]], tuple[Box, ...]]


@dataclass(frozen=True, eq=False)
class Regioned:
    """N images with `labels` (N,) in 0..Y-1, `patients` (N,), and the `boxes` of each image's regions."""

    images: tuple[Image, ...]
    labels: NDArray[np.intp]
    patients: NDArray[np.intp]
    boxes: tuple[tuple[Box, ...], ...]

    @property
    def image(self) -> NDArray[np.intp]:
        """(R,): the image of each region."""
        return np.repeat(np.arange(len(self.boxes)), [len(several) for several in self.boxes])

    @property
    def n_patients(self) -> int:
        """How many patients there are."""
        return len(np.unique(self.patients))

    def of(self, rows: NDArray[np.intp]) -> Regioned:
        """These images alone."""
        return Regioned(
            tuple(self.images[row] for row in rows),
            self.labels[rows],
            self.patients[rows],
            tuple(self.boxes[row] for row in rows),
        )


def labelled(records: Sequence[Record], label: str, source: str = "") -> tuple[Record, ...]:
    """The records that have the label. Raises `InputError` where none has."""
    kept = tuple(record for record in records if record.labels.get(label))
    if not kept:
        known = sorted({name for record in records for name in record.labels})
        raise InputError(f"No image has the label {label!r}", path=source, remedy=f"known: {', '.join(known)}")
    return kept


def regioned(
    records: Sequence[Record], label: str, classes: Sequence[str], kinds: Sequence[str], seen: Seen
) -> Regioned:
    """Labels, patients and proposed regions of the records; regions of which the model sees nothing are left out.
    Raises `InputError` for an unknown kind of region."""
    _, patients = np.unique([record.cluster for record in records], return_inverse=True)
    boxes = [seen(record.image, [region.box for region in propose(record.image, kinds)]) for record in records]
    labels = np.array([classes.index(record.labels[label]) for record in records], dtype=np.intp)
    return Regioned(tuple(record.image for record in records), labels, patients.astype(np.intp), tuple(boxes))
