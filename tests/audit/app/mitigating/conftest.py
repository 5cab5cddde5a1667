"""A few films to fine-tune on."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A manifest of 60 chest phantoms of 64 px with three findings."""
    from audit.data.phantoms import write_phantoms

    folder = tmp_path_factory.mktemp("films") / "made"
    write_phantoms(folder, 150, 3, 64, "chest radiograph")
    rows = list(csv.DictReader((folder / "manifest.csv").open()))
    kept = [row for row in rows if row["finding"] in ("cardiomegaly", "effusion", "no finding")][:60]
    with (folder / "some.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(kept)
    return folder / "some.csv"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
