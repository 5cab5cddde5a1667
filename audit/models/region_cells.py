"""Regions as tokens: which tokens of an image a box meets, in the geometry that an architecture declares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from audit.core.image import Image
from audit.core.reading import Box
from audit.models.hf_vlm.masking.view import View

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def cells_met(views: Sequence[View], boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """Which tokens each box meets, shape (boxes, tokens), tokens in the order in which they stand. A box that the
    preprocessing cuts away meets none."""
    import numpy as np

    rows = [np.concatenate([view.met((box,), 0)[tuple(view.places.T)] for view in views]) for box in boxes]
    return np.stack(rows) if rows else np.zeros((0, sum(len(view.places) for view in views)), dtype=np.bool_)


def in_region_batches(
    embed: Callable[[Sequence[Image], Sequence[Sequence[Box]]], NDArray[np.float32]],
    images: Sequence[Image],
    boxes: Sequence[Sequence[Box]],
    size: int,
) -> NDArray[np.float32]:
    """All regions embedded by `embed`, `size` images at a time, each read once and those without a region not at all;
    rows of length 1, shape (regions, d). Raises `ValueError` for boxes that `RegionEncoder` does not allow."""
    import numpy as np

    if len(images) != len(boxes):
        raise ValueError(f"Expected boxes for each of {len(images)} images but got {len(boxes)} lists of boxes")
    asked = [place for place, several in enumerate(boxes) if several]
    if not asked:
        raise ValueError("Expected a region to embed but got none")
    parts = []
    for start in range(0, len(asked), size):
        some = [Image.of(images[place].pixels) for place in asked[start : start + size]]
        wanted = [boxes[place] for place in asked[start : start + size]]
        for image, several in zip(some, wanted, strict=True):
            _check_boxes(size_of(image), several)
        parts.append(embed(some, wanted))
    return unit_rows(np.concatenate(parts))


def size_of(image: Image) -> tuple[int, int]:
    """Width and height; reads the pixels."""
    height, width, *_ = image.pixels.shape
    return width, height


def _check_boxes(size: tuple[int, int], boxes: Sequence[Box]) -> None:
    width, height = size
    for left, top, right, bottom in boxes:
        if not (0 <= left < right <= width and 0 <= top < bottom <= height):
            box = (left, top, right, bottom)
            raise ValueError(f"Expected a box inside of {width} x {height} pixels but got {box}")


def unit_rows(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows of length 1, float32; a row of NaN stays one."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return unit
