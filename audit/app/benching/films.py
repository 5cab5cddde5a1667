"""Chest phantoms with and without planted features, as a frozen image tower embeds them and their quadrants."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import numpy as np
from numpy.typing import NDArray

from audit.app.benching.phantom_marks import FEATURES, planted
from audit.app.benching.setting import generator
from audit.core.image import Image
from audit.core.model import Encoder
from audit.data.phantoms.case import Case, Wish, draw_case, first_of_patient
from audit.data.phantoms.series import render
from audit.models.table import open_model
from probes.spurious.regions.edit import crop
from probes.spurious.regions.grids import quadrants

SIDE = 112
FINDINGS = ("no finding", "nodule", "effusion", "cardiomegaly", "surgical hardware")
TOWER = "demo:clip"
OFFSET = 7_000_000  # the demo models were trained on patients of other seeds
AT_ONCE = 64

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Films:
    """N frontal chest phantoms, one a patient, and their embeddings: `bare` (N, 5, d), the image and its quadrants;
    `marked`, by feature, the same where the feature is in quadrant `places` (N, features)."""

    labels: NDArray[np.intp]
    places: NDArray[np.intp]
    bare: NDArray[np.float32]
    marked: dict[str, NDArray[np.float32]]
    texts: NDArray[np.float32]


@lru_cache(maxsize=2)
def films(number: int, seed: int) -> Films:
    """`number` films with findings in turn, PA and AP, of no marker but the plain letter. Deterministic by seed."""
    labels = np.arange(number) % len(FINDINGS)
    cases = _cases(seed, labels)
    places = generator(seed, "places").integers(4, size=(number, len(FEATURES)))
    tower = open_model(TOWER)
    if not isinstance(tower, Encoder):
        raise TypeError(f"{TOWER} embeds no images")
    bare: list[Floats] = []
    marked: dict[str, list[Floats]] = {name: [] for name in FEATURES}
    for start in range(0, number, AT_ONCE):
        pictures = [render(case, SIDE) for case in cases[start : start + AT_ONCE]]
        plain = _embedded(tower, pictures)
        bare.append(plain)
        for column, name in enumerate(FEATURES):
            there = places[start : start + AT_ONCE, column]
            marked[name].append(_changed(tower, plain, pictures, name, there))
    texts = tower.embed_texts(FINDINGS)
    return Films(
        labels, places, np.concatenate(bare), {name: np.concatenate(some) for name, some in marked.items()}, texts
    )


def _cases(seed: int, labels: NDArray[np.intp]) -> list[Case]:
    """One case a patient: the first image of each patient of the series."""
    first = (index for index in count() if first_of_patient(OFFSET + seed, index) == index)
    wishes = [
        Wish("chest radiograph", ("PA", "AP")[n // 5 % 2], FINDINGS[y], marker="plain") for n, y in enumerate(labels)
    ]
    return [draw_case(OFFSET + seed, index, wish) for wish, index in zip(wishes, first, strict=False)]


def _embedded(tower: Encoder, pictures: list[NDArray[np.uint8]]) -> Floats:
    """(n, 5, d): the images and their quadrants."""
    boxes = ((0, 0, SIDE, SIDE), *quadrants(SIDE, SIDE))
    parts = [crop(Image.of(one), box) for one in pictures for box in boxes]
    return tower.embed_images(parts).reshape(len(pictures), len(boxes), -1)


def _changed(
    tower: Encoder, plain: Floats, pictures: list[NDArray[np.uint8]], feature: str, places: NDArray[np.intp]
) -> Floats:
    """(n, 5, d) with the feature: the whole image and one quadrant change, the others stay."""
    boxes = quadrants(SIDE, SIDE)
    marked = [Image.of(planted(one, feature, int(place))[0]) for one, place in zip(pictures, places, strict=True)]
    parts = [part for one, place in zip(marked, places, strict=True) for part in (one, crop(one, boxes[int(place)]))]
    found = tower.embed_images(parts).reshape(len(pictures), 2, -1)
    made = plain.copy()
    made[:, 0] = found[:, 0]
    made[np.arange(len(made)), 1 + places] = found[:, 1]
    return made
