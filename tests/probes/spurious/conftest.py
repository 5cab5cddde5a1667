"""Small images with a bright square in a corner, an encoder that sees brightness, and what is planned about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from audit.core.answer import Answer
from audit.core.dataset import Dataset, Record
from audit.core.image import Image
from audit.core.item import Request
from audit.core.observation import ModelRole, Observation
from audit.core.probe import Plan
from probes.spurious.probe import PROBE, Spurious
from probes.spurious.scene import Found, RegionItem

SIDE = 48
BOX = "2 2 12 12"


class Brightness:
    """Embeds an image by its brightness, its spread, and a constant: bright squares are alike, and unlike tissue."""

    spec = "brightness"

    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        rows = np.array([[i.pixels.mean() / 255, i.pixels.std() / 255, 0.2] for i in images], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ValueError("no texts")


def picture(number: int, *, marked: bool) -> Image:
    """Noise, darker to the right, with a bright square where `marked`."""
    rng = np.random.default_rng(number)
    pixels = rng.integers(40, 90, size=(SIDE, SIDE)).astype(np.uint8)
    pixels[:, SIDE // 2 :] -= 30
    if marked:
        pixels[2:12, 2:12] = 250
    return Image.of(pixels, f"picture {number}")


@lru_cache(maxsize=4)
def data(n: int = 96, classes: tuple[str, ...] = ("sound", "ill", "odd")) -> Dataset:
    """One image a patient; every second image is marked, classes in turn, so that both are independent."""
    records = []
    for number in range(n):
        marked = number % 2 == 0
        labels = {
            "modality": "X-ray", "anatomy": "chest", "finding": classes[number // 2 % len(classes)],
            "site": "east" if marked else "west", **({"regions": BOX} if marked else {}),
        }  # fmt: skip
        records.append(Record(f"r{number:03d}", picture(number, marked=marked), f"p{number:03d}", labels))
    return Dataset("made", "images", tuple(records), has_patients=True)


SMALL: dict[str, object] = {"regions": "user,grid", "budget": 12, "exploratory": 12, "crops": 30}


@pytest.fixture(scope="session")
def probe() -> Spurious:
    return PROBE.with_encoder(lambda spec: Brightness())


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return data()


@pytest.fixture(scope="session")
def make_plan(probe: Spurious) -> Callable[..., Plan]:
    def make(dataset: Dataset | None = None, seed: int = 0, **given: object) -> Plan:
        return probe.plan(dataset or data(), probe.options({**SMALL, **given}), np.random.default_rng(seed))

    return make


@pytest.fixture(scope="session")
def plan(make_plan: Callable[..., Plan]) -> Plan:
    return make_plan()


@pytest.fixture(scope="session")
def found(plan: Plan) -> Found:
    item: Any = plan.requests[0].item
    assert isinstance(item, RegionItem)
    assert item.found is not None
    return item.found


@pytest.fixture(scope="session")
def observed(probe: Spurious, plan: Plan) -> Callable[..., list[Observation]]:
    def observe(answer: Callable[[Request], str], role: ModelRole = "model") -> list[Observation]:
        rows = [
            Observation.of("spurious", role, request, judgement)
            for request in plan.requests
            for judgement in probe.judge(request, Answer(answer(request)))
        ]
        return [*rows, *probe.derive(rows)]

    return observe
