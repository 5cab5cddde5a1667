"""Coverage: what an intervention hides of a query, checked against what the vision tower is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.core.image import Image
from audit.core.model import HiddenTokens
from audit.core.query import Query
from audit.models.hf_vlm.masking.architecture import Architecture
from audit.models.hf_vlm.masking.plan import Shown, check_shown, layer_of, shown, views_of
from audit.models.hf_vlm.masking.select import Selection, boxes_in, select
from audit.models.hf_vlm.masking.view import View
from audit.models.hf_vlm.pictures import picture

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def hidden_tokens(
    architecture: Architecture, images: Any, query: Query, max_pixels: int | None
) -> tuple[HiddenTokens, ...]:
    """What the query's intervention hides of each image; `images` is the image processor. Raises `ValueError` for a
    query without an intervention, or with one that the model cannot carry out."""
    if query.intervention is None:
        raise ValueError("the query masks no tokens")
    seen = shown(query.images, query.intervention, max_pixels)
    check_shown(architecture, seen)
    return tuple(
        _of_one(architecture, images, seen, number, image, max_pixels) for number, image in enumerate(query.images)
    )


def _of_one(
    architecture: Architecture, images: Any, seen: Shown, number: int, image: Image, max_pixels: int | None
) -> HiddenTokens:
    intervention, size, shape = seen.intervention, seen.sizes[number], seen.pictures[number]
    assert intervention is not None
    views = views_of(architecture, layer_of(architecture, intervention), size, shape)
    selection = select(intervention, number, size, views)
    hidden = tuple(int(one) for one in selection.numbers())
    cells = [view.rectangle(int(row), int(column)) for view in views for row, column in view.places]
    patches = views_of(architecture, "patch_embeddings", size, shape)
    painted = _painted(image, boxes_in(intervention, number, size))
    before, after = (_inputs(images, picture(one, max_pixels), patches[0].side) for one in (image, painted))
    covered = _share(abs(after - before).sum(axis=1), patches, selection)
    return HiddenTokens(number, selection.tokens, hidden, tuple(cells[one] for one in hidden), covered)


def _share(change: NDArray[np.float64], patches: tuple[View, ...], selection: Selection) -> float:
    """The share of the change of all patches that falls on patches of hidden tokens; 1 where nothing changes."""
    import numpy as np

    flags = []
    for patch, view, grid in zip(patches, selection.views, selection.grids, strict=True):
        rows, columns = (patch.places // (view.side // patch.side)).T
        flags.append(grid[rows, columns])
    total = float(change.sum())
    return float(change[np.concatenate(flags)].sum()) / total if total else 1.0


def _painted(image: Image, boxes: tuple[tuple[int, int, int, int], ...]) -> Image:
    """The image with the pixels in the boxes made as different as can be: dark ones white, light ones black."""
    pixels = image.rgb().copy()
    for left, top, right, bottom in boxes:
        pixels[top:bottom, left:right] = 255 * (pixels[top:bottom, left:right] < 128)
    return Image.of(pixels)


def _inputs(images: Any, shown_picture: Any, side: int) -> NDArray[np.float64]:
    """What the tower is given of a picture, patch by patch in the order of its patch embeddings, shape (patches,
    values). Raises `ValueError` where that has another shape than the declared architectures give it."""
    import numpy as np

    values = np.asarray(images(images=[shown_picture], return_tensors="np")["pixel_values"], dtype=np.float64)
    if values.ndim == 2:
        return values
    maps = values.reshape(-1, *values.shape[-3:])
    count, channels, height, width = maps.shape
    rows, columns = height // side, width // side
    cut = maps[:, :, : rows * side, : columns * side].reshape(count, channels, rows, side, columns, side)
    return cut.transpose(0, 2, 4, 1, 3, 5).reshape(count * rows * columns, -1)
