"""Images, options and queries that the tests of the adapters share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from audit.core.image import Image
from audit.core.query import Decoding, How, Option, Query, ask

OPTIONS = (Option("A", "a chest x-ray"), Option("B", "a liver"), Option("C", "none of the above"))


@pytest.fixture(scope="session")
def images() -> list[Image]:
    """Three images of different sizes."""
    rng = np.random.default_rng(0)
    sizes = [(56, 40), (20, 60), (64, 64)]
    return [Image.of(rng.integers(0, 256, (height, width, 3), dtype=np.uint8)) for height, width in sizes]


@pytest.fixture(scope="session")
def queries(images: list[Image]) -> Callable[..., list[Query]]:
    """A function that makes queries of each way to answer, with 0, 1 and 2 images of different sizes, and with texts
    of different lengths."""

    def made(hows: tuple[How, ...] = ("generate", "choose", "likelihood"), counts: tuple[int, ...] = (0, 1, 2)):
        texts = ("Which one?", "Which of the images does not match the others? Answer with one letter.", "Is it?")
        return [
            Query(ask(*(images[place:] + images[:place])[:count], text), OPTIONS, how, Decoding(max_new_tokens=6))
            for how in hows
            for count in counts
            for place, text in enumerate(texts)
        ]

    return made
