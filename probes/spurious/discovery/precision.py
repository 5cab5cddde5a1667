"""How many of the regions ranked first hold the planted feature."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def precision_at(ranking: NDArray[np.intp], holds: NDArray[np.bool_], k: int = 10) -> float:
    """Share of the first `k` ranked regions that hold the feature, in 0..1 (RaVL, section 4: Precision@10).

    `ranking` are row numbers, best first, each once; `holds` (R,) says which rows hold it. A ranking that ends earlier
    is divided by `k` all the same, so that "none found" has 0; count it apart. Raises `ValueError` for k < 1 and for a
    row that is ranked twice.
    """
    if k < 1 or len(np.unique(ranking)) != len(ranking):
        raise ValueError(f"Expected k >= 1 and a ranking of distinct rows but got k={k} and {len(ranking)} rows.")
    return float(np.count_nonzero(holds[ranking[:k]])) / k
