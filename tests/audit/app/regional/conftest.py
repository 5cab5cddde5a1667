"""A planned run of the spurious probe on small pictures with a bright square, answered by models of known behaviour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from audit.app.pipeline import Outcome, conclude_run
from audit.app.planning import Planned
from audit.app.replies import Replies
from audit.app.selftest.stage import Stage, stage_on
from audit.core.answer import Answer
from audit.core.dataset import Dataset, Record
from audit.core.image import Image
from audit.core.item import Request
from probes.spurious.probe import PROBE


class Brightness:
    spec = "brightness"

    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        rows = np.array([[i.pixels.mean() / 255, i.pixels.std() / 255, 0.2] for i in images], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ValueError("no texts")


def record(number: int) -> Record:
    rng = np.random.default_rng(number)
    pixels = rng.integers(40, 90, size=(48, 48)).astype(np.uint8)
    marked = number % 2 == 0
    if marked:
        pixels[2:12, 2:12] = 250
    labels = {"modality": "X-ray", "anatomy": "chest", "finding": ("sound", "ill")[number // 2 % 2]}
    return Record(
        f"r{number:03d}", Image.of(pixels), f"p{number:03d}", {**labels, **({"regions": "2 2 12 12"} if marked else {})}
    )


@pytest.fixture(scope="session")
def stage() -> Stage:
    probe = PROBE.with_encoder(lambda spec: Brightness())
    data = Dataset("made", "images", tuple(record(number) for number in range(120)), has_patients=True)
    given = {"regions": "user,grid", "budget": 20, "crops": 30}
    return stage_on(probe, data, given).resampled(500)


@pytest.fixture(scope="session")
def conclude(stage: Stage) -> Callable[..., Outcome]:
    def run(answer: Callable[[Request], str], images: bool = True) -> Outcome:
        (sheet,) = stage.sheets
        said = tuple(Answer(answer(request)) for request in sheet.requests)
        replies = (Replies("model", "spurious", sheet.requests, said),)
        prepared = replace(stage.prepared, config=replace(stage.prepared.config, images=images))
        return conclude_run(prepared, Path(), {}, replies)

    return run


@pytest.fixture(scope="session")
def planned(stage: Stage) -> tuple[Planned, ...]:
    made: Any = stage.prepared.planned
    return made
