"""Region clusters that occur across the classes, apart from those that show a class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.gaps import presence
from probes.spurious.discovery.region_table import RegionTable

LEAST_SHARE = 0.05  # of the images of a class, for a cluster to occur in it
LEAST_CLASSES = 0.5


def spread(table: RegionTable, assignment: NDArray[np.intp], k: int) -> NDArray[np.bool_]:
    """(K,): whether a region cluster occurs in at least half of the classes, in 5% of the images of each or more.

    A feature that is spurious occurs with every class where the correlation is absent, which discovery asks of its data
    (RaVL, section 3). A cluster that occurs with one class or two shows what these look like: that errors hang together
    with it says that some of their images are hard. Looks at labels and not at predictions, so it may go before a test.
    `assignment` (R,) is in 0..k-1. Not part of the published method.
    """
    present = presence(table, assignment, k)
    labels = np.unique(table.labels)
    shares = np.stack([present[table.labels == label].mean(axis=0) for label in labels], axis=1)
    wide: NDArray[np.bool_] = (shares >= LEAST_SHARE).mean(axis=1) >= LEAST_CLASSES
    return wide


def merged(assignment: NDArray[np.intp], kept: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The assignment (R,) where clusters that are not `kept` (K,) are one, numbered behind the kept ones, which keep
    their order. Its regions still compete for being the most influential of their image."""
    numbers = np.where(kept, np.cumsum(kept) - 1, np.count_nonzero(kept))
    return numbers[assignment].astype(np.intp)
