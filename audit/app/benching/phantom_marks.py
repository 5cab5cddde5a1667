"""What lies on chest films and says nothing of the chest: a marker, a drain, a ruler, drawn into a quadrant."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
BRIGHT, DARK = 235, 25
BORDER = 3  # pixels


def planted(pixels: Grey, feature: str, quadrant: int) -> tuple[Grey, NDArray[np.bool_]]:
    """The film (s, s) with the feature ("marker", "drain", "ruler") in a quadrant (0 to 3: upper left, upper right,
    lower left, lower right), and where it was drawn, (s, s). Everything is drawn at the outer side of the quadrant."""
    side = pixels.shape[0] // 2
    tile = _DRAWN[feature](side)
    tile = tile if quadrant % 2 == 0 else tile[:, ::-1]
    made, where = pixels.copy(), np.zeros(pixels.shape, dtype=np.bool_)
    top, left = quadrant // 2 * side, quadrant % 2 * side
    there = tile >= 0
    made[top : top + side, left : left + side][there] = tile[there]
    where[top : top + side, left : left + side] = there
    return made, where


def _blank(side: int) -> NDArray[np.int16]:
    return np.full((side, side), -1, dtype=np.int16)


def _marker(side: int) -> NDArray[np.int16]:
    """A bright plate with a dark cross, a third of the quadrant wide."""
    tile, wide = _blank(side), side // 3
    low = side - BORDER
    tile[low - wide : low, BORDER : BORDER + wide] = BRIGHT
    middle, arm = wide // 2, max(wide // 8, 1)
    tile[low - wide + middle - arm : low - wide + middle + arm, BORDER + 3 : BORDER + wide - 3] = DARK
    tile[low - wide + 3 : low - 3, BORDER + middle - arm : BORDER + middle + arm] = DARK
    return tile


def _drain(side: int) -> NDArray[np.int16]:
    """A tube from the side of the film towards the middle: two bright walls that rise along an arc."""
    tile = _blank(side)
    x = np.arange(side * 3 // 4)
    y = side * 0.75 - side * 0.45 * np.sin(x / (side * 0.75) * np.pi / 2)
    for wall in (-2, 2):
        for row in (0, 1):
            tile[np.clip(np.rint(y + wall).astype(int) + row, 0, side - 1), x] = BRIGHT
    return tile


def _ruler(side: int) -> NDArray[np.int16]:
    """A scale along the side: a bright line and ticks, every third one long."""
    tile = _blank(side)
    top = side // 4
    tile[top : side - BORDER, BORDER : BORDER + 2] = BRIGHT
    for number, row in enumerate(range(top, side - BORDER, 4)):
        tile[row, BORDER : BORDER + (11 if number % 3 == 0 else 6)] = BRIGHT
    return tile


_DRAWN: Mapping[str, Callable[[int], NDArray[np.int16]]] = {"marker": _marker, "drain": _drain, "ruler": _ruler}
FEATURES = tuple(_DRAWN)
