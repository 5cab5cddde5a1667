"""Two halves of the patients: region clusters are found on one, their figures are estimated on the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def discovery_half(labels: NDArray[np.intp], patients: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.bool_]:
    """(N,): whether an image belongs to the half for discovery; all images of a patient do or do not.

    Patients are sorted by the labels of their images, at random among equals, and of each two neighbours a coin picks
    one: every label composition is split evenly, up to one patient. A patient left over goes by a coin as well.
    """
    keys, of = compositions(labels, patients)
    order = np.lexsort((rng.random(len(keys)), keys))
    coins = rng.random((len(keys) + 1) // 2) < 0.5
    place = np.arange(len(keys))
    chosen = np.empty(len(keys), dtype=np.bool_)
    chosen[order] = coins[place // 2] ^ (place % 2 == 1)
    return chosen[of]


def compositions(labels: NDArray[np.intp], patients: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which patients have images of the same labels, each as often.

    Returns the number of each patient's composition (P,) and for each image the place of its patient in it (N,).
    """
    _, of = np.unique(patients, return_inverse=True)
    n_classes = int(labels.max(initial=0)) + 1
    counts = np.zeros((int(of.max(initial=-1)) + 1, n_classes), dtype=np.intp)
    np.add.at(counts, (of, labels), 1)
    _, keys = np.unique(counts, axis=0, return_inverse=True)
    return keys.reshape(-1), of
