"""Chest phantoms with and without planted features, scaled down for a small tower."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import numpy as np
from numpy.typing import NDArray

from audit.app.benching.phantom_marks import FEATURES, planted
from audit.app.benching.setting import generator
from audit.data.phantoms.case import Case, Wish, draw_case, first_of_patient
from audit.data.phantoms.series import render

DRAWN, SIDE = 112, 56
FINDINGS = ("no finding", "nodule", "effusion", "cardiomegaly", "surgical hardware")
OFFSET = 7_000_000  # patients that no demo model was trained on

Grey = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Films:
    """N frontal chest phantoms, one a patient, with their findings `labels` (N,): `bare` (N, 56, 56), and by feature
    `marked`, the same where the feature is in quadrant `places` (N, features)."""

    labels: NDArray[np.intp]
    places: NDArray[np.intp]
    bare: Grey
    marked: dict[str, Grey]


@lru_cache(maxsize=2)
def films(number: int, seed: int) -> Films:
    """`number` films with findings in turn, PA and AP, of no marker but the plain letter. Deterministic by seed."""
    labels = np.arange(number) % len(FINDINGS)
    places = generator(seed, "places").integers(4, size=(number, len(FEATURES)))
    pictures = [render(case, DRAWN) for case in _cases(seed, labels)]
    marked = {
        name: np.stack([_small(planted(one, name, int(place))[0]) for one, place in zip(pictures, where, strict=True)])
        for name, where in zip(FEATURES, places.T, strict=True)
    }
    return Films(labels, places, np.stack([_small(one) for one in pictures]), marked)


def _cases(seed: int, labels: NDArray[np.intp]) -> list[Case]:
    """One case a patient: the first image of each patient of the series."""
    first = (index for index in count() if first_of_patient(OFFSET + seed, index) == index)
    wishes = [
        Wish("chest radiograph", ("PA", "AP")[n // len(FINDINGS) % 2], FINDINGS[y], marker="plain")
        for n, y in enumerate(labels)
    ]
    return [draw_case(OFFSET + seed, index, wish) for wish, index in zip(wishes, first, strict=False)]


def _small(pixels: Grey) -> Grey:
    """Half the size: the mean of two by two pixels."""
    each = DRAWN // SIDE
    small: Grey = np.rint(pixels.reshape(SIDE, each, SIDE, each).mean(axis=(1, 3))).astype(np.uint8)
    return small
