"""The contract of encoders holds for every architecture that embeds, and each promise can be broken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from audit.core.image import Image
from audit.core.model import Model
from audit.core.reading import Box
from audit.models.table import open_model
from medaudit.testing_encoders import check_encoder

PICTURE = Image.of(np.random.default_rng(5).integers(0, 256, (48, 60), dtype=np.uint8))
KINDS = ("siglip", "clip", "qwen2_5_vl", "idefics3", "gemma3", "smolvlm", "llava_full")


@pytest.mark.parametrize("kind", KINDS)
def test_every_architecture_that_embeds_keeps_it(kind: str, tiny_checkpoint: Callable[[str], Path]) -> None:
    model = open_model(f"{'clip' if kind in ('clip', 'siglip') else 'hf'}:{tiny_checkpoint(kind)}?batch_size=2")
    check_encoder(model, PICTURE)  # type: ignore[arg-type]


class Means:
    """An encoder of the mean and the spread of pixels, with at most one fault."""

    spec = "means"
    capabilities = frozenset({"embed"})
    fingerprint: ClassVar[dict[str, str]] = {"name": "means"}
    no_regions = ""

    def __init__(self, fault: str) -> None:
        self.fault, self.calls = fault, 0

    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        if not images and self.fault != "takes nothing":
            raise ValueError("nothing to embed")
        self.calls += 1
        rows = np.array([self._row(image.pixels) for image in images], dtype=np.float32).reshape(-1, 2)
        rows = rows + {"depends on the batch": len(images), "changes": self.calls}.get(self.fault, 0)
        made = rows if self.fault == "is long" else rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return made.astype(np.float64 if self.fault == "is double" else np.float32)  # type: ignore[return-value]

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.fault != "has another space":
            raise ValueError("no text tower")
        return np.eye(3, dtype=np.float32)[: len(texts)]

    def embed_regions(self, images: Sequence[Image], boxes: Sequence[Sequence[Box]]) -> NDArray[np.float32]:
        whole = [image.pixels for image in images]
        for pixels, several in zip(whole, boxes, strict=True):
            for left, top, right, bottom in several:
                inside = 0 <= left < right <= pixels.shape[1] and 0 <= top < bottom <= pixels.shape[0]
                if not inside and self.fault != "takes any box":
                    raise ValueError("no such box")
        cut = [Image.of(p[b[1] : b[3], b[0] : b[2]]) for p, several in zip(whole, boxes, strict=True) for b in several]
        cut = [one for one in cut if one.pixels.size]
        if self.fault == "mixes the order":
            cut = cut[::-1]
        return self.embed_images(cut)

    def _row(self, pixels: NDArray[np.uint8]) -> tuple[float, float]:
        return float(pixels.mean()), float(pixels.std())


class Silent(Means):
    """An encoder that cannot embed regions and says so, or only says so."""

    no_regions = "unknown"

    def embed_regions(self, images: Sequence[Image], boxes: Sequence[Sequence[Box]]) -> NDArray[np.float32]:
        if self.fault == "guesses":
            return super().embed_regions(images, boxes)
        raise ValueError(self.no_regions)


def model(made: object) -> Model:
    return made  # type: ignore[return-value]


def test_encoders_without_a_fault_pass() -> None:
    check_encoder(model(Means("none")), PICTURE)
    check_encoder(model(Silent("none")), PICTURE)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (Means("is long"), "length 1"),
        (Means("is double"), "float32"),
        (Means("changes"), "each time"),
        (Means("depends on the batch"), "depend on the batch"),
        (Means("takes nothing"), "No image"),
        (Means("has another space"), "one space"),
        (Means("mixes the order"), "order asked"),
        (Means("takes any box"), "is a ValueError"),
        (Silent("guesses"), "Without a geometry"),
    ],
)
def test_a_broken_encoder_is_caught(broken: Means, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        check_encoder(model(broken), PICTURE)
