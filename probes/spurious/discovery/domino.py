"""Domino: slices as components of a mixture over embedding, label and prediction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.mixture import Sample, fitted
from probes.spurious.discovery.region_table import RegionTable

DIRECTIONS = 128  # principal components
COMPONENTS = 25
SLICES = 5
LEAST_VARIANCE = 1e-10  # of the first direction: below that it is rounding
STRENGTH = 10.0  # of label and prediction against the embedding

Array = NDArray[np.float64]


def domino(table: RegionTable, rng: np.random.Generator) -> NDArray[np.intp]:
    """Regions of the five slices on which predictions and labels differ most, slice by slice, the surest members first
    (Eyuboglu et al. 2022, arXiv 2203.14960; compared with in RaVL, section 4).

    Each region has the label and prediction of its image. A region belongs to its most probable component; members of
    equal probability are ordered by their density. A slice with the largest |P(prediction = c) - P(label = c)| over
    classes c comes first.
    """
    if not len(table.image):
        return np.empty(0, dtype=np.intp)
    classes = np.vstack([np.eye(table.n_classes), np.zeros(table.n_classes)])  # the last row: -1, not read
    labels, predictions = table.labels[table.image], table.predictions[table.image]
    sample = Sample(principal(table.embeddings, DIRECTIONS), classes[labels], classes[predictions])
    start = started(labels, predictions, min(COMPONENTS, len(labels)), rng)
    fit = fitted(sample, start, STRENGTH)
    share, component = fit.responsibility, fit.log_joint.argmax(axis=1)
    picked = np.argsort(-fit.mixture.disagreement, kind="stable")[:SLICES]
    return np.concatenate([_surest(np.flatnonzero(component == one), share[:, one], fit.log_joint[:, one])
                           for one in picked])  # fmt: skip


def principal(embeddings: NDArray[np.float32], directions: int) -> Array:
    """Centred embeddings (R, d) along their first principal directions, (R, at most `directions`): those in which they
    vary at all."""
    centred = embeddings.astype(np.float64)
    centred -= centred.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    varied = vectors[:, values > LEAST_VARIANCE * values[-1]]
    along: Array = centred @ varied[:, ::-1][:, :directions]
    return along


def started(
    labels: NDArray[np.intp], predictions: NDArray[np.intp], components: int, rng: np.random.Generator
) -> Array:
    """Responsibilities (R, m) to start from: components are dealt round the pairs of label and prediction that occur,
    wrong ones first, and the rows of a pair are spread over its components at random (Domino's start at errors). Rows
    of pairs that got none are spread over all.
    """
    pairs, of = np.unique(np.column_stack([labels, predictions]), axis=0, return_inverse=True)
    order = np.argsort(pairs[:, 0] == pairs[:, 1], kind="stable")
    dealt = order[np.arange(components) % len(order)]
    allowed = dealt[None, :] == of.reshape(-1)[:, None]
    allowed[~allowed.any(axis=1)] = True
    weight = rng.exponential(size=allowed.shape) * allowed
    share: Array = weight / weight.sum(axis=1, keepdims=True)
    return share


def _surest(rows: NDArray[np.intp], share: Array, density: Array) -> NDArray[np.intp]:
    return rows[np.lexsort((rows, -density[rows], -np.round(share[rows], 9)))]
