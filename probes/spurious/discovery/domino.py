"""Domino: slices as components of a mixture over embedding, label and prediction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.region_table import RegionTable


def domino(table: RegionTable, rng: np.random.Generator) -> NDArray[np.intp]:
    """Regions by Domino (Eyuboglu et al. 2022, arXiv 2203.14960): those of the five slices on which predictions and
    labels differ most, slice by slice, the surest members first."""
    raise NotImplementedError
