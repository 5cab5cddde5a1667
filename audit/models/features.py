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
from audit.models.spec import Spec
from audit.models.torch_device import require, versions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ADAPTER_VERSION = 1
SIDE = 96


class FeatureModel:
    """Shape, texture and intensity of an image as one vector of length 1: histograms of oriented gradients (Dalal and
    Triggs, CVPR 2005), local binary patterns at two radii (Ojala et al., PAMI 2002) and an intensity histogram. Each
    part is centred and weighs the same. It only embeds images."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec.text

    @property
    def capabilities(self) -> frozenset[Capability]:
        """It embeds and answers nothing."""
        return frozenset(("embed",))

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """The features and the version of scikit-image."""
        return {
            "adapter": "features",
            "version": ADAPTER_VERSION,
            "features": ["hog", "lbp", "intensity"],
            "side": SIDE,
            "versions": versions("scikit-image", "numpy"),
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
        return np.stack([_features(image) for image in images])

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Raises `ValueError`: there is no text tower."""
        raise ValueError(f"image features cannot embed texts ({len(texts)} given)")

    def close(self) -> None:
        """Nothing is held."""


def _features(image: Image) -> NDArray[np.float32]:
    import numpy as np
    import PIL.Image
    from skimage.feature import hog, local_binary_pattern

    small = PIL.Image.fromarray(image.rgb()).convert("L").resize((SIDE, SIDE), PIL.Image.Resampling.BOX)
    eight = np.asarray(small, dtype=np.uint8)
    grey = eight / 255.0
    shape = hog(grey, orientations=8, pixels_per_cell=(12, 12), cells_per_block=(2, 2), feature_vector=True)
    textures = [
        np.histogram(local_binary_pattern(eight, points, radius, "uniform"), points + 2, (0, points + 2))[0]  # type: ignore[no-untyped-call]
        for points, radius in ((8, 1), (16, 3))
    ]
    intensity = np.histogram(eight, 32, (0, 256))[0]
    parts = [shape, *(np.sqrt(counts / counts.sum()) for counts in (*textures, intensity))]
    whole = np.concatenate([_unit(part) for part in parts])
    return np.asarray(_unit(whole), dtype=np.float32)


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centred and of length 1; zeros where all values are equal."""
    import numpy as np

    centred = vector - vector.mean()
    length = float(np.linalg.norm(centred))
    return np.asarray(centred / length if length > 1e-9 else centred * 0.0)


def open_features(spec: Spec) -> FeatureModel:
    """The encoder of a `features:skimage` spec. Raises `InputError` for another name, or without scikit-image."""
    spec.only()
    if spec.target != "skimage":
        raise InputError(f"Unknown features {spec.target!r}", remedy="known: features:skimage")
    require("scikit-image", "mining")
    return FeatureModel(spec)
