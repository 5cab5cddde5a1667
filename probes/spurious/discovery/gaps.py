"""Accuracy with and without regions of a cluster in the image, class by class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.region_table import RegionTable
from probes.spurious.discovery.totals import Counts, class_gaps, gap_sum

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Gaps:
    """Of K region clusters and Y classes: `n_in`, `n_out`, `acc_in`, `acc_out` and `g`, all (K, Y), and `G` (K,).

    `present` (N, K) says which image has a region in which cluster. An accuracy over no image is NaN, and so is g of a
    class that lacks in- or out-images; `G` sums the others and is 0 where there is none.
    """

    present: NDArray[np.bool_]
    n_in: Array
    n_out: Array
    acc_in: Array
    acc_out: Array
    g: Array
    G: Array

    @property
    def attribute(self) -> NDArray[np.intp]:
        """(K,): the class whose accuracy rises most, unweighted, where a region of the cluster is present; the first on
        ties, -1 where no class has both kinds of images."""
        rise = np.where(np.isnan(self.g), -np.inf, self.acc_in - self.acc_out)
        rise = np.where(np.isnan(rise), -np.inf, rise)
        return np.where(np.isneginf(rise).all(axis=1), -1, rise.argmax(axis=1))

    @property
    def two_sided(self) -> NDArray[np.bool_]:
        """(K,): whether accuracy rises in one class (g > 0) and falls in another (g < 0)."""
        return np.asarray(np.any(self.g > 0, axis=1) & np.any(self.g < 0, axis=1))


def presence(table: RegionTable, assignment: NDArray[np.intp], k: int) -> NDArray[np.bool_]:
    """(N, K): whether an image has at least one region in a cluster. `assignment` (R,) is in 0..k-1."""
    present = np.zeros((len(table.labels), k), dtype=np.bool_)
    present[table.image, assignment] = True
    return present


def gaps(table: RegionTable, assignment: NDArray[np.intp], k: int) -> Gaps:
    """g_c(y) = 2 min(n_in, n_out) / (n_in + n_out) (acc_in(y) - acc_out(y)) and G_c = sum over y of |g_c(y)| (RaVL,
    section 3).

    In-images of a cluster have a region in it; out-images are the others whose label occurs among the in-images.
    """
    present = presence(table, assignment, k)
    member = np.eye(table.n_classes)[table.labels]
    inside, right = present.astype(np.float64), table.correct[:, None] * member
    n_in, right_in = inside.T @ member, inside.T @ right
    n_out, right_out = member.sum(axis=0) - n_in, right.sum(axis=0) - right_in
    nothing = np.zeros_like(n_in)
    g = class_gaps(Counts(n_in, right_in, n_out, right_out, nothing, nothing))
    return Gaps(present, n_in, n_out, _share(right_in, n_in), _share(right_out, n_out), g, gap_sum(g))


def _share(part: Array, whole: Array) -> Array:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)
