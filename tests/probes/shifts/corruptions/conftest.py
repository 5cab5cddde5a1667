"""One small phantom of each modality, and what stands in for modalities that have none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.series import render

KINDS = {
    "X-ray": "chest radiograph",
    "CT": "abdominal CT",
    "MRI": "brain MRI",
    "ultrasound": "ultrasound",
    "fundus photograph": "fundus photograph",
    "histology": "histology",
    "dermoscopy": "fundus photograph",
    "OCT": "ultrasound",
}


@pytest.fixture(scope="session")
def samples() -> dict[str, list[NDArray[np.uint8]]]:
    """Three phantoms of 112 px of each modality."""
    return {
        modality: [render(draw_case(3, 4 * i, Wish(kind=kind)), 112) for i in range(3)]
        for modality, kind in KINDS.items()
    }
