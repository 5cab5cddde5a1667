"""Tables to discover in: random ones, ones with a planted shortcut, and the literal transcription of the paper."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from probes.spurious.discovery.distances import normalised
from probes.spurious.discovery.region_table import RegionTable


def module_at(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def literal() -> ModuleType:
    return module_at(Path(__file__).parent / "literal.py", "literal_ravl")


@pytest.fixture(scope="session")
def simulate() -> ModuleType:
    path = Path(__file__).parents[4] / "benchmarks" / "spurious_permutation.py"
    return module_at(path, "permutation_benchmark")


@pytest.fixture
def random_table() -> Callable[..., tuple[RegionTable, np.ndarray]]:
    """Few images, few regions, ties of scores, unread answers, images with no region or one: all edge cases occur."""

    def make(seed: int, images: int = 14, classes: int = 3, k: int = 4) -> tuple[RegionTable, np.ndarray]:
        rng = np.random.default_rng(seed)
        image = np.repeat(np.arange(images), rng.integers(0, 4, images))
        scores = rng.integers(0, 3, (len(image), classes)) / 2
        table = RegionTable(
            rng.integers(0, classes, images), rng.integers(-1, classes, images), rng.integers(0, 6, images),
            image, normalised(rng.normal(size=(len(image), 5)).astype(np.float32)), scores.astype(np.float64),
        )  # fmt: skip
        return table, rng.integers(0, k, len(image))

    return make


@pytest.fixture
def planted() -> Callable[..., tuple[RegionTable, np.ndarray]]:
    """(table, which regions hold the feature): four regions of other kinds in each image, and in every second image one
    that pulls to class 0 whatever the image shows."""

    def make(seed: int, images: int = 200, classes: int = 4, strength: float = 0.8) -> tuple[RegionTable, np.ndarray]:
        rng = np.random.default_rng(seed)
        labels = np.arange(images) % classes
        marked = rng.random(images) < 0.5
        pulled = marked & (rng.random(images) < strength)
        right = rng.random(images) < 0.8
        predictions = np.where(
            pulled, 0, np.where(right, labels, (labels + rng.integers(1, classes, images)) % classes)
        )
        kinds = np.where(marked[:, None] & (np.arange(4) == 3), 7, rng.integers(0, 7, (images, 4)))
        centres = rng.normal(size=(8, 16))
        embeddings = centres[kinds.ravel()] + 0.3 * rng.normal(size=(4 * images, 16))
        scores = rng.dirichlet(np.ones(classes), 4 * images)
        scores[kinds.ravel() == 7] = np.eye(classes)[0]
        table = RegionTable(labels, predictions, np.arange(images), np.repeat(np.arange(images), 4),
                            normalised(embeddings.astype(np.float32)), scores)  # fmt: skip
        return table, kinds.ravel() == 7

    return make
