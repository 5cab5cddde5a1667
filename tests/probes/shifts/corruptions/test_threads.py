"""Corruptions in several threads at once make the pixels that they make alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.series import render
from probes.shifts.corruptions import corrupt, for_modality


@pytest.mark.parametrize(
    ("modality", "kind"), [("X-ray", "chest radiograph"), ("CT", "abdominal CT"), ("histology", "histology")]
)
def test_threads_change_no_pixel(modality: str, kind: str) -> None:
    images = [render(draw_case(2, place, Wish(kind=kind)), 64) for place in range(3)]
    grey = images[0].ndim == 2
    work = [
        (pixels, entry.name, severity)
        for entry in for_modality(modality, grey=grey, sanity=True)
        for severity in (2, 5)
        for pixels in images
    ]
    alone = [corrupt(*each, modality, 0) for each in work]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda each: corrupt(*each, modality, 0), work))
    for one, other, (_, name, severity) in zip(alone, together, work, strict=True):
        np.testing.assert_array_equal(one, other, f"{name} {severity}")
