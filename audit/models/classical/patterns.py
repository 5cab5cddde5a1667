"""Local binary patterns (Ojala et al., PAMI 2002), many pictures at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PIXELS = 96 * 96  # looked at together: they stay in the processor's cache


def pattern_counts(pictures: NDArray[np.uint8], points: int, radius: int) -> NDArray[np.intp]:
    """How often each uniform pattern occurs, shape (n, points + 2): by the number of its neighbours that are at least
    as bright as the pixel, the last for all patterns with more than two changes. `pictures`: (n, side, side).

    The patterns are those of `skimage.feature.local_binary_pattern(..., "uniform")`, bit for bit: what lies outside is
    black, and the change from the last neighbour to the first is not counted."""
    import numpy as np

    count, side, _ = pictures.shape
    several = max(1, _PIXELS // side**2)
    parts = (pictures[start : start + several] for start in range(0, count, several))
    found = (pattern for part in parts for pattern in _patterns(part, points, radius))
    return np.stack([np.bincount(pattern.ravel(), minlength=points + 2) for pattern in found])


def _patterns(pictures: NDArray[np.uint8], points: int, radius: int) -> NDArray[np.uint8]:
    """The pattern of every pixel."""
    import numpy as np

    margin, (rows, columns) = radius + 1, pictures.shape[1:]
    centre = pictures.astype(np.float64)
    around = np.pad(centre, ((0, 0), (margin, margin), (margin, margin)))
    angles = 2 * np.pi * np.arange(points) / points
    downs, rights = np.round(-radius * np.sin(angles), 5), np.round(radius * np.cos(angles), 5)
    between = {right: _Shift.of(right, columns, margin).along_rows(around) for right in {*rights}}
    bright, changes = np.zeros(pictures.shape, np.uint8), np.zeros(pictures.shape, np.uint8)
    last = None
    for down, right in zip(downs, rights, strict=True):
        seen = _Shift.of(down, rows, margin).along_columns(between[right]) >= centre
        bright += seen
        if last is not None:
            changes += seen != last
        last = seen
    bright[changes > 2] = points + 1
    return bright


@dataclass(frozen=True)
class _Shift:
    """A move by a fraction of a pixel along an axis of `count` pixels: the two that it lies between, and the share of
    the second one for each place (its rounding differs from place to place)."""

    low: int
    high: int
    count: int
    share: NDArray[np.float64]

    @classmethod
    def of(cls, by: float, count: int, margin: int) -> _Shift:
        import numpy as np

        places = np.arange(count) + by
        low, high = np.floor(places), np.ceil(places)
        return cls(int(low[0]) + margin, int(high[0]) + margin, count, places - low)

    def along_rows(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Every row moved, without its margin."""
        low = values[..., self.low : self.low + self.count]
        if self.low == self.high:
            return low
        return (1 - self.share) * low + self.share * values[..., self.high : self.high + self.count]

    def along_columns(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Every column moved, without its margin."""
        low = values[:, self.low : self.low + self.count]
        if self.low == self.high:
            return low
        share = self.share[:, None]
        return (1 - share) * low + share * values[:, self.high : self.high + self.count]
