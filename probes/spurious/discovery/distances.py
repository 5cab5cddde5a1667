"""Cosine distances between region embeddings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def normalised(embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows (R, d) scaled to length 1, as float32; a row of zeros stays one. Raises `ValueError` for what is not finite
    or not a matrix."""
    rows = np.asarray(embeddings, dtype=np.float32)
    if rows.ndim != 2 or not np.isfinite(rows).all():
        raise ValueError(f"Expected finite embeddings of shape (R, d) but got shape {rows.shape}.")
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, np.where(length > 0, length, 1), dtype=np.float32)


def cosine_distances(embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """clip(1 - cosine, 0, 1) between all rows, (R, R) with a diagonal of zeros (RaVL, section 3).

    Made in place: 4 R² bytes in all, 400 MB for 10,000 regions. Raises `ValueError` as `normalised` does.
    """
    rows = normalised(embeddings)
    distances: NDArray[np.float32] = rows @ rows.T
    np.subtract(np.float32(1), distances, out=distances)
    np.clip(distances, 0, 1, out=distances)
    np.fill_diagonal(distances, 0)
    return distances
