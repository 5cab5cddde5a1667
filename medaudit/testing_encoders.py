"""Contract tests of encoders: what `embed` promises, and `embed_regions` where it is offered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from audit.core.image import Image
from audit.core.model import Encoder, Model, RegionEncoder
from audit.core.reading import Box

CLOSE = 1e-4
"""How far embeddings of the same image may lie apart, in any number (float32)."""

Rows = NDArray[np.float32]


def check_encoder(model: Model, image: Image) -> None:
    """An adapter that declares `embed` gives rows of length 1 that depend on each image alone, and says of texts and
    regions whether it can embed them. Raises `AssertionError`."""
    assert isinstance(model, Encoder), "A model that declares embed has all of `Encoder`"
    upper = Image.of(image.pixels[: max(1, image.pixels.shape[0] // 2)])
    both = model.embed_images([image, upper])
    _check_rows(both, 2, "images")
    _check_same(model.embed_images([image, upper]), both, "Embeddings of equal images must be equal each time")
    alone = np.concatenate([model.embed_images([one]) for one in (upper, image)])
    _check_same(alone[::-1], both, "An embedding must not depend on the batch that its image is in")
    assert _refused(lambda: model.embed_images([])), "No image is a `ValueError`, not an empty array"
    texts: list[Rows] = []
    if not _refused(lambda: texts.append(model.embed_texts(["left", "right"]))):
        _check_rows(texts[0], 2, "texts")
        assert texts[0].shape == both.shape, "Texts and images are embedded in one space, or texts not at all"
    if isinstance(model, RegionEncoder):
        check_regions(model, image, upper, both.shape[1])


def check_regions(model: RegionEncoder, image: Image, other: Image, width: int) -> None:
    """Regions come in the order in which they were asked for, each by itself, in the space of the images (`width`
    numbers); where none can be embedded, the reason is told. Raises `AssertionError`."""
    whole, quarter = _whole(image), _quarter(image)
    if model.no_regions:
        assert _refused(lambda: model.embed_regions([image], [[whole]])), "Without a geometry, regions are a ValueError"
        return
    boxes = [[whole, quarter], [], [_whole(other)]]
    rows = model.embed_regions([image, other, other], boxes)
    _check_rows(rows, 3, "regions")
    assert rows.shape[1] == width, (
        f"Regions are embedded in the space of images: {rows.shape[1]} is not {width} numbers"
    )
    asked = [(image, quarter), (other, _whole(other)), (image, whole)]
    alone = np.concatenate([model.embed_regions([one], [[box]]) for one, box in asked])
    _check_same(
        alone[[2, 0, 1]], rows, "A region's embedding depends on its image and its box alone, in the order asked"
    )
    left, top, right, bottom = whole
    for wrong in ((left, top, right + 1, bottom), (left, top, left, bottom)):
        assert _refused(partial(model.embed_regions, [image], [[wrong]])), f"The box {wrong} is a ValueError"
    assert _refused(lambda: model.embed_regions([image], [[]])), "No region is a ValueError, not an empty array"


def _check_rows(rows: Rows, count: int, what: str) -> None:
    assert rows.dtype == np.float32, f"Embeddings of {what} are float32, not {rows.dtype}"
    assert rows.ndim == 2 and len(rows) == count, f"Expected {count} rows for {count} {what} but got {rows.shape}"
    lengths = np.linalg.norm(rows, axis=1)
    assert np.allclose(lengths, 1, atol=CLOSE), f"Embeddings of {what} have length 1, not {lengths.tolist()}"


def _check_same(one: Rows, other: Rows, why: str) -> None:
    assert one.shape == other.shape and np.allclose(one, other, atol=CLOSE), why


def _refused(call: Callable[[], object]) -> bool:
    try:
        call()
    except ValueError:
        return True
    return False


def _whole(image: Image) -> Box:
    height, width, *_ = image.pixels.shape
    return 0, 0, width, height


def _quarter(image: Image) -> Box:
    """The middle of an image: no preprocessing cuts it away."""
    _, _, width, height = _whole(image)
    return width // 4, height // 4, max(width // 4 + 1, 3 * width // 4), max(height // 4 + 1, 3 * height // 4)
