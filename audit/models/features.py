"""`features:skimage`: an encoder without any training, from classical image features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Capability
from audit.core.query import Query
from audit.models.classical.gradients import CELLS, oriented_gradients
from audit.models.classical.patterns import pattern_counts
from audit.models.spec import Spec
from audit.models.torch_device import versions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ADAPTER_VERSION = 2
SIDE = 96
_BATCH = 16  # stays in the processor's cache


class FeatureModel:
    """Shape, texture and intensity of an image as one vector of length 1: histograms of oriented gradients (Dalal and
    Triggs, CVPR 2005), local binary patterns at two radii (Ojala et al., PAMI 2002) and an intensity histogram. Each
    part is centred and weighs the same. It only embeds images.

    The features are those of scikit-image, computed for many images at once; the package itself is not needed. Images
    are looked at in squares of `side` pixels: 96, or fewer for small regions, which is faster."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec.text
        self.side = spec.number("side", SIDE, low=3 * CELLS, high=32 * CELLS)
        if self.side % CELLS:
            raise InputError(f"Expected side in model {spec.text!r} to be a multiple of {CELLS} but got {self.side}")

    @property
    def capabilities(self) -> frozenset[Capability]:
        """It embeds and answers nothing."""
        return frozenset(("embed",))

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """The features, and the packages that compute them."""
        return {
            "adapter": "features",
            "version": ADAPTER_VERSION,
            "features": ["hog", "lbp", "intensity"],
            "side": self.side,
            "versions": versions("numpy", "pillow"),
        }

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        """Every query fails: there is nobody to ask."""
        for index in range(len(queries)):
            yield index, Answer.failed("image features answer no questions")

    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        """L2-normalised float32, shape (n, 1628)."""
        import numpy as np

        if not images:
            raise ValueError("Expected something to embed but got nothing")
        parts = (images[start : start + _BATCH] for start in range(0, len(images), _BATCH))
        return np.concatenate([_features(np.stack([_small(image, self.side) for image in some])) for some in parts])

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Raises `ValueError`: there is no text tower."""
        raise ValueError(f"image features cannot embed texts ({len(texts)} given)")

    def close(self) -> None:
        """Nothing is held."""


def _small(image: Image, side: int) -> NDArray[np.uint8]:
    """The image in grey, as a square."""
    import numpy as np
    import PIL.Image

    grey = PIL.Image.fromarray(image.rgb()).convert("L")
    return np.asarray(grey.resize((side, side), PIL.Image.Resampling.BOX), dtype=np.uint8)


def _features(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    import numpy as np

    intensity = np.stack([np.bincount(one.ravel() // 8, minlength=32) for one in pictures])
    counts = [*(pattern_counts(pictures, points, radius) for points, radius in ((8, 1), (16, 3))), intensity]
    roots = [np.sqrt(some / some.sum(axis=1, keepdims=True)) for some in counts]
    whole = np.concatenate([_unit(part) for part in (oriented_gradients(pictures), *roots)], axis=1)
    return _unit(whole).astype(np.float32)


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centred rows of length 1; zeros where all values of one are equal."""
    import numpy as np

    centred = rows - rows.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    unit: NDArray[np.float64] = np.where(lengths > 1e-9, centred / np.maximum(lengths, 1e-9), 0.0)
    return unit


def open_features(spec: Spec) -> FeatureModel:
    """The encoder of a `features:skimage` spec. Raises `InputError` for another name or a wrong side."""
    spec.only("side")
    if spec.target != "skimage":
        raise InputError(f"Unknown features {spec.target!r}", remedy="known: features:skimage")
    return FeatureModel(spec)
