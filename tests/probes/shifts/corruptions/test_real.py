"""Corruptions of real images: severities are ordered, and sheets can be drawn of any modality in the folder."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Picture

from probes.shifts.corruptions import corrupt, for_modality
from probes.shifts.corruptions.registry import is_grey


def real_images(folder: Path, modality: str, count: int = 4) -> list[NDArray[np.uint8]]:
    with (folder / "real" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["modality"] == modality]
    paths = [folder / "real" / row["path"] for row in rows if row["path"].lower().endswith((".jpg", ".png"))]
    chosen = []
    for path in paths[:: max(1, len(paths) // count)][:count]:
        picture = Picture.open(path).convert("RGB")
        picture.thumbnail((224, 224))
        chosen.append(np.asarray(picture))
    return chosen


@pytest.mark.parametrize("modality", ["X-ray", "CT", "MRI", "ultrasound", "dermoscopy", "fundus photograph"])
def test_distance_from_a_real_image_grows_with_severity(modality: str, shared_data: Path) -> None:
    images = real_images(shared_data, modality)
    assert images
    for entry in for_modality(modality, grey=any(map(is_grey, images))):
        distances = [
            np.mean([np.abs(corrupt(p, entry.name, s, modality, 1).astype(float) - p).mean() for p in images])
            for s in range(6)
        ]
        assert distances[0] == 0
        assert all(worse >= milder * 0.98 for milder, worse in pairwise(distances)), (entry.name, distances)
        if entry.name != "marker_removal":
            assert distances[5] > 0.05, entry.name
