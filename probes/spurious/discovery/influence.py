"""Which region of a wrongly classified image pulls it to the wrong class, and how often it lies in a region cluster."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.gaps import Gaps
from probes.spurious.discovery.region_table import RegionTable
from probes.spurious.discovery.totals import Counts, largest_share

NOBODY = -1


def influence(table: RegionTable, assignment: NDArray[np.intp], gaps: Gaps) -> NDArray[np.float64]:
    """H (K,): the largest share, over classes with g < 0, of wrongly classified in-images whose most influential
    region lies in the cluster; -inf where no image qualifies (RaVL, section 3).

    The most influential region is the one with the highest score for the predicted class, the first on ties. Images
    with one region do not enter, nor do those whose prediction could not be read: they have no predicted class.
    """
    pulling = pulling_clusters(table, assignment)
    member = np.eye(table.n_classes)[table.labels]
    asked = member * (pulling != NOBODY)[:, None]
    hit = np.eye(gaps.present.shape[1])[pulling].T * (pulling != NOBODY)
    nothing = np.zeros_like(gaps.g)
    counts = Counts(nothing, nothing, nothing, nothing, gaps.present.T.astype(np.float64) @ asked, hit @ asked)
    return largest_share(counts, gaps.g)


def pulling_clusters(table: RegionTable, assignment: NDArray[np.intp]) -> NDArray[np.intp]:
    """(N,): the cluster of the most influential region of each wrongly classified image; -1 for the others, for images
    with one region and for those without a predicted class."""
    leading = leading_regions(table)[np.arange(len(table.labels)), table.predictions]
    counted = ~table.correct & (table.predictions >= 0) & (leading != NOBODY)
    return np.where(counted, assignment[leading], NOBODY)


def leading_regions(table: RegionTable) -> NDArray[np.intp]:
    """(N, Y): for each image and class the row of the region that scores highest for it, the first on ties; -1 where an
    image has fewer than two regions, or no score for the class (NaN)."""
    count = np.bincount(table.image, minlength=len(table.labels))
    leading = np.full((len(table.labels), table.n_classes), NOBODY, dtype=np.intp)
    for label in range(table.n_classes):
        order = np.lexsort((np.arange(len(table.image)), -table.scores[:, label], table.image))
        images, first = np.unique(table.image[order], return_index=True)
        speaks = ~np.isnan(table.scores[order[first], label])
        leading[images[speaks], label] = order[first][speaks]
    leading[count < 2] = NOBODY
    return leading


def image_rows(table: RegionTable, assignment: NDArray[np.intp], region_cluster: int) -> NDArray[np.float64]:
    """Rows per image (N, 6 Y) of one region cluster, for the statistics of `totals`: sum them by patient.

    An image adds 1 to the counts of its own label: `n_in`, `right_in`, `n_out`, `right_out`, `asked`, `hit`.
    """
    present = np.zeros(len(table.labels), dtype=np.bool_)
    present[table.image[assignment == region_cluster]] = True
    pulling = pulling_clusters(table, assignment)
    columns = (present, present & table.correct, ~present, ~present & table.correct, present & (pulling != NOBODY),
               pulling == region_cluster)  # fmt: skip
    member = np.eye(table.n_classes)[table.labels]
    rows: NDArray[np.float64] = np.concatenate([column[:, None] * member for column in columns], axis=1)
    return rows
