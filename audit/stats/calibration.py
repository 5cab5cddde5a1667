"""Calibration: equal-mass bins of confidence, and the error in them without the bias of few answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MOST_BINS, PER_BIN = 10, 30
COLUMNS = 4


def bins_for(answers: int) -> int:
    """How many bins: one for each 30 answers, from 2 to 10."""
    return min(MOST_BINS, max(2, answers // PER_BIN))


def equal_mass(confidences: Sequence[float], bins: int) -> Array:
    """Inner edges (bins - 1,) between bins of equally many confidences; equal confidences share a bin, whose number is
    `numpy.searchsorted(edges, confidence, side="left")`."""
    shares = np.arange(1, bins) / bins
    return np.asarray(np.quantile(np.asarray(confidences, dtype=np.float64), shares, method="inverted_cdf"))


@dataclass(frozen=True)
class CalibrationError:
    """The root mean square over bins of mean confidence less share of right answers, of totals (..., 4 bins).

    Per bin and cluster the columns are m answers, their sum R of (right - confidence), R squared, and m squared. The
    squared error of a bin is estimated by (sum(R)^2 - sum(R^2)) / (sum(m)^2 - sum(m^2)): the mean over pairs of answers
    from different clusters. Given the bins it has no bias, whatever the answers of a cluster share; for clusters of one
    answer it is the debiased estimator of Kumar, Liang and Ma (NeurIPS 2019, arXiv 1909.10155; Ferro and Fricker 2012)
    with the variance of (right - confidence) where they have that of right. Bins weigh by their answers; the plain
    ("plugin") expected calibration error of a calibrated model is above 0 by chance alone. The root keeps the sign of
    the mean: a value below 0 says that bins disagree less than chance makes them. NaN without two clusters in any bin.
    """

    bins: int

    def __call__(self, totals: Array) -> Array:
        """The error of a sample, shape (...)."""
        return self._root(totals, 1.0)

    def resampled(self, totals: Array) -> Array:
        """The error of a sample of clusters drawn again: drawing adds its own square to the bias, taken off as well."""
        return self._root(totals, 2.0)

    def _root(self, totals: Array, own: float) -> Array:
        answers, off, off_squared, answers_squared = np.moveaxis(
            totals.reshape(*totals.shape[:-1], self.bins, COLUMNS), -1, 0
        )
        pairs = answers**2 - own * answers_squared
        known = pairs > 1e-9
        squared = np.where(known, (off**2 - own * off_squared) / np.where(known, pairs, 1.0), 0.0)
        weight = np.where(known, answers, 0.0)
        whole = weight.sum(axis=-1)
        mean = (weight * squared).sum(axis=-1) / np.where(whole > 0, whole, 1.0)
        return np.asarray(np.where(whole > 0, np.sign(mean) * np.sqrt(np.abs(mean)), np.nan), dtype=np.float64)
