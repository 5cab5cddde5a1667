"""What stands where a region was removed: made from the pixels around it alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from audit.core.reading import Box
from probes.phi.masking.pixels import mask

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Hidden = NDArray[np.bool_]
    Fill = Callable[[Floats, Hidden, Sequence[Box]], Floats]

_FINE = 8.0  # pixels of standard deviation that a Gaussian is computed at; wider ones on a coarser grid
_TRUST = 1e-3  # weight of the mean of all that stays beside the Gaussian, whose weights may all vanish
_RING = 4  # the ring round a box is one part in so many of its shorter side wide


def filled(values: Floats, boxes: Sequence[Box], fill: str) -> Floats:
    """`values` (float32, (height, width) or (height, width, 3)) with something plausible in `boxes`; what it puts there
    depends on nothing inside them. Outside the boxes it may hold anything smooth, for a soft edge to blend with.

    - `blur`: a Gaussian of what stays, standard deviation half the shorter side of the box (a normalised convolution,
      Knutsson and Westin, CVPR 1993).
    - `inpaint`: continued from the pixels around (Telea 2004), at 256 levels between the darkest and the brightest.
    - `mean`: the mean of a ring round the box, a quarter of its shorter side wide.

    Raises `ValueError` for another fill, `InputError` where OpenCV is missing for `inpaint`.
    """
    import numpy as np

    if fill not in _FILLS:
        raise ValueError(f"Expected a fill of {', '.join(_FILLS)} but got {fill!r}")
    hidden = np.zeros(values.shape[:2], dtype=np.bool_)
    for left, top, right, bottom in boxes:
        hidden[top:bottom, left:right] = True
    return _FILLS[fill](values, hidden, boxes)


def _blur(values: Floats, hidden: Hidden, boxes: Sequence[Box]) -> Floats:
    import numpy as np

    base, result = _stays(values, hidden), values.copy()
    for box in boxes:
        left, top, right, bottom = box
        sigma = max(min(right - left, bottom - top) / 2, 1.0)
        rows, columns = _window(box, hidden.shape, int(3 * sigma) + 1)
        weights = (~hidden[rows, columns]).astype(np.float32)[..., None]
        part = values[rows, columns].reshape(*weights.shape[:2], -1)
        near = _smooth(np.concatenate([part * weights, weights], axis=2), sigma)
        soft = (near[..., :-1] + _TRUST * base) / (near[..., -1:] + _TRUST)
        inner = slice(top - rows.start, bottom - rows.start), slice(left - columns.start, right - columns.start)
        result[top:bottom, left:right] = soft[inner].reshape(result[top:bottom, left:right].shape)
    return result


def _smooth(values: Floats, sigma: float) -> Floats:
    """Gaussian along the first two axes; a wide one is computed on a coarser grid and interpolated."""
    import numpy as np
    from scipy.ndimage import gaussian_filter, zoom

    step = max(int(sigma / _FINE), 1)
    height, width = values.shape[:2]
    border = ((0, -height % step), (0, -width % step), (0, 0))
    padded = np.pad(values, border, mode="edge")
    shape = (padded.shape[0] // step, step, padded.shape[1] // step, step, -1)
    coarse = gaussian_filter(padded.reshape(shape).mean(axis=(1, 3)), (sigma / step, sigma / step, 0), mode="nearest")
    if step == 1:
        return np.asarray(coarse, np.float32)
    fine = zoom(coarse, (step, step, 1), order=1, mode="nearest", grid_mode=True)
    return np.asarray(fine[:height, :width], np.float32)


def _inpaint(values: Floats, hidden: Hidden, boxes: Sequence[Box]) -> Floats:
    import numpy as np

    stays = values[~hidden]
    low, high = (float(stays.min()), float(stays.max())) if stays.size else (0.0, 1.0)
    span = (high - low) / 255 or 1.0
    eight = np.rint(np.clip((values - low) / span, 0, 255)).astype(np.uint8)
    painted = mask(eight, boxes, "inpaint").astype(np.float32) * np.float32(span) + np.float32(low)
    return np.where(hidden if values.ndim == 2 else hidden[..., None], painted, values)


def _mean(values: Floats, hidden: Hidden, boxes: Sequence[Box]) -> Floats:
    base, result = _stays(values, hidden), values.copy()
    for box in boxes:
        left, top, right, bottom = box
        around = _window(box, hidden.shape, max(min(right - left, bottom - top) // _RING, 2))
        ring = values[around][~hidden[around]]
        result[top:bottom, left:right] = ring.mean(axis=0) if len(ring) else base
    return result


def _stays(values: Floats, hidden: Hidden) -> Floats:
    """The mean of what stays, per channel; the middle of the range where nothing does."""
    import numpy as np

    stays = values[~hidden].reshape(-1, 1 if values.ndim == 2 else values.shape[2])
    return np.asarray(stays.mean(axis=0) if len(stays) else np.full(stays.shape[1], 0.5), np.float32)


def _window(box: Box, shape: tuple[int, ...], margin: int) -> tuple[slice, slice]:
    """The box grown by `margin` pixels, cut at the border: slices of rows and columns."""
    left, top, right, bottom = box
    return slice(max(top - margin, 0), min(bottom + margin, shape[0])), slice(
        max(left - margin, 0), min(right + margin, shape[1])
    )


_FILLS: Mapping[str, Fill] = {"blur": _blur, "inpaint": _inpaint, "mean": _mean}
FILLS = tuple(_FILLS)
