"""Which images may change places under "no region cluster is associated with errors"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.halves import compositions


@dataclass(frozen=True, eq=False)
class Exchange:
    """Patients whose images have the same labels, each as often, form a group and may give their answers to each other.

    Of group i, `groups[i]` (P, m) holds the images of its P patients, those of a patient by label and then in the order
    given, so that a column has one label.
    """

    groups: tuple[NDArray[np.intp], ...]
    n_images: int

    @property
    def movable(self) -> float:
        """Share of patients that have another in their group."""
        sizes = np.array([len(group) for group in self.groups])
        return float(sizes[sizes > 1].sum() / max(sizes.sum(), 1))

    def drawn(self, rng: np.random.Generator, times: int) -> NDArray[np.intp]:
        """(times, N): for each image the one whose answer it takes, patients exchanged as a whole within groups."""
        source = np.empty((times, self.n_images), dtype=np.intp)
        for group in self.groups:
            moved = rng.permuted(np.broadcast_to(np.arange(len(group)), (times, len(group))), axis=1)
            source[:, group.ravel()] = group[moved].reshape(times, -1)
        return source


def exchange(labels: NDArray[np.intp], patients: NDArray[np.intp]) -> Exchange:
    """Groups of patients of equal label composition.

    With one image for each patient this is permuting within label. With several, answers of one patient may depend on
    each other, so they move together, and only to images of the same labels. A patient like no other keeps its answers.
    """
    keys, of = compositions(labels, patients)
    order = np.lexsort((np.arange(len(labels)), labels, of, keys[of]))
    first = np.flatnonzero(np.diff(keys[of][order], prepend=-1))
    parts = np.split(order, first[1:]) if len(order) else []
    return Exchange(tuple(part.reshape(len(np.unique(of[part])), -1) for part in parts), len(labels))
