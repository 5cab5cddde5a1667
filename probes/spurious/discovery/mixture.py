"""The mixture that Domino fits: diagonal Gaussians over embeddings, categories over labels and over predictions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
PRIOR = 1e-3  # rows that every component and category is given, so that none is empty
TOLERANCE = 1e-3  # gain of the mean log-likelihood below which EM stops
ITERATIONS = 100


@dataclass(frozen=True, eq=False)
class Sample:
    """`points` (n, d), which vary in every direction, and one-hot `labels` and `predictions` (n, Y), zeros where
    unknown."""

    points: Array
    labels: Array
    predictions: Array

    @property
    def spread(self) -> Array:
        """Variance of the points (d,)."""
        return np.asarray(self.points.var(axis=0))


@dataclass(frozen=True, eq=False)
class Mixture:
    """Components: `weights` (m,), `means` and `variances` (m, d), P(label | component) and P(prediction | component),
    both (m, Y)."""

    weights: Array
    means: Array
    variances: Array
    labels: Array
    predictions: Array

    def log_joint(self, sample: Sample, strength: float) -> Array:
        """log of weight x density x (P(label) P(prediction))^strength, (n, m)."""
        precision = 1 / self.variances
        square = (
            np.square(sample.points) @ precision.T
            - 2 * sample.points @ (self.means * precision).T
            + (np.square(self.means) * precision).sum(axis=1)
        )
        density = -0.5 * (square + np.log(2 * np.pi * self.variances).sum(axis=1))
        categories = sample.labels @ np.log(self.labels).T + sample.predictions @ np.log(self.predictions).T
        joint: Array = np.log(self.weights) + density + strength * categories
        return joint

    @property
    def disagreement(self) -> Array:
        """(m,): the largest |P(prediction = c | component) - P(label = c | component)| over classes c."""
        largest: Array = np.abs(self.predictions - self.labels).max(axis=1)
        return largest


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted mixture, the log joint (n, m) of the sample under it, and the objective at every step."""

    mixture: Mixture
    log_joint: Array
    path: tuple[float, ...]

    @property
    def responsibility(self) -> Array:
        """P(component | row), (n, m)."""
        return responsibilities(self.log_joint)


def fitted(sample: Sample, start: Array, strength: float = 1.0) -> Fit:
    """Expectation-maximisation from starting responsibilities (n, m), rows of which sum to 1.

    `strength` is the power of label and prediction against the embedding (gamma of Domino). What rises with
    every step is the mean log-likelihood and log-prior: each component is given one row with the variance of the whole
    sample, and each category a thousandth of one, so that no variance and no category reaches 0. Stops when a step
    gains less than 0.001, or after 100 steps.
    """
    path: list[float] = []
    mixture = maximised(sample, start)
    while True:
        joint = mixture.log_joint(sample, strength)
        path.append(float(np.logaddexp.reduce(joint, axis=1).sum() + log_prior(mixture, sample, strength)) / len(joint))
        if len(path) > ITERATIONS or (len(path) > 1 and path[-1] - path[-2] < TOLERANCE):
            return Fit(mixture, joint, tuple(path))
        mixture = maximised(sample, responsibilities(joint))


def responsibilities(joint: Array) -> Array:
    """P(component | row) (n, m) from log joints."""
    share: Array = np.exp(joint - np.logaddexp.reduce(joint, axis=1, keepdims=True))
    return share


def maximised(sample: Sample, share: Array) -> Mixture:
    """The M-step: the mixture that fits rows weighted by `share` (n, m) best, given the prior."""
    size = share.sum(axis=0)
    means = share.T @ sample.points / (size + PRIOR)[:, None]
    square = share.T @ np.square(sample.points) - (size + PRIOR)[:, None] * np.square(means)
    variances = (np.maximum(square, 0) + sample.spread) / (size + 1)[:, None]
    return Mixture(
        _proportion(size, 0), means, variances, _proportion(share.T @ sample.labels, 1),
        _proportion(share.T @ sample.predictions, 1),
    )  # fmt: skip


def log_prior(mixture: Mixture, sample: Sample, strength: float) -> float:
    """Log of the prior that `maximised` goes by, up to a constant."""
    categories = np.log(mixture.labels).sum() + np.log(mixture.predictions).sum()
    rows = ((PRIOR * np.square(mixture.means) + sample.spread) / mixture.variances + np.log(mixture.variances)).sum()
    return float(PRIOR * (np.log(mixture.weights).sum() + strength * categories) - 0.5 * rows)


def _proportion(counts: Array, axis: int) -> Array:
    raised = counts + PRIOR
    part: Array = raised / raised.sum(axis=axis, keepdims=True)
    return part
