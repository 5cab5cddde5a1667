"""Selecting: which tokens of an image an intervention hides, from the views of that image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.core.query import Intervention
from audit.models.hf_vlm.masking.view import View

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Grids = tuple["NDArray[np.bool_]", ...]


@dataclass(frozen=True)
class Selection:
    """What is hidden of one image: for each of its views the cells, shape (rows, columns) of booleans; `whole` where
    the image is hidden with all that stands for it, class tokens included."""

    views: tuple[View, ...]
    grids: Grids
    whole: bool

    @property
    def tokens(self) -> int:
        """How many tokens the image has."""
        return sum(grid.size for grid in self.grids)

    def numbers(self) -> NDArray[np.intp]:
        """The hidden tokens by their numbers in the order in which they stand."""
        import numpy as np

        flags = [grid[tuple(view.places.T)] for view, grid in zip(self.views, self.grids, strict=True)]
        return np.flatnonzero(np.concatenate(flags))


def select(intervention: Intervention, image: int, size: tuple[int, int], views: tuple[View, ...]) -> Selection:
    """What `intervention` hides of image number `image`, which is `size` (width, height) pixels large and stands before
    the model as `views`.

    "random" draws among the cells that the boxes do not meet: as many as they meet, or all where there are fewer.
    """
    import numpy as np

    boxes = boxes_in(intervention, image, size)
    grids = tuple(view.met(boxes, intervention.radius) for view in views)
    if intervention.pick == "all":
        return Selection(views, tuple(np.ones_like(grid) for grid in grids), True)
    if intervention.pick == "random":
        grids = _elsewhere(grids, np.random.default_rng([intervention.seed, image]))
    return Selection(views, grids, False)


def boxes_in(intervention: Intervention, image: int, size: tuple[int, int]) -> tuple[tuple[int, int, int, int], ...]:
    """The boxes of one image, cut at its border; what lies outside hides nothing."""
    width, height = size
    cut = [
        (max(left, 0), max(top, 0), min(right, width), min(bottom, height))
        for number, left, top, right, bottom in intervention.boxes
        if number == image
    ]
    return tuple(box for box in cut if box[0] < box[2] and box[1] < box[3])


def _elsewhere(grids: Grids, rng: np.random.Generator) -> Grids:
    import numpy as np

    met = np.concatenate([grid.ravel() for grid in grids])
    free = np.flatnonzero(~met)
    drawn = np.zeros_like(met)
    drawn[rng.choice(free, size=min(int(met.sum()), free.size), replace=False)] = True
    ends = np.cumsum([grid.size for grid in grids])[:-1]
    return tuple(part.reshape(grid.shape) for part, grid in zip(np.split(drawn, ends), grids, strict=True))


def check(intervention: Intervention, images: int) -> None:
    """Raise `ValueError` where an intervention cannot mean anything for a query with `images` images."""
    if not images:
        raise ValueError("the query has no image whose tokens could be masked")
    if intervention.radius < 0:
        raise ValueError(f"expected a mask radius of at least 0 tokens but got {intervention.radius}")
    if intervention.pick not in ("boxes", "all", "random"):
        raise ValueError(f"expected to mask boxes, all or random tokens but got {intervention.pick!r}")
    for box in intervention.boxes:
        if not 0 <= box[0] < images:
            raise ValueError(f"a mask box names image {box[0]}, but the query has {images}")
        if not (box[1] < box[3] and box[2] < box[4]):
            raise ValueError(f"expected mask boxes with left < right and top < bottom but got {box[1:]}")
