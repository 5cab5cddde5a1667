"""Regions that follow the image's own borders: superpixels, as boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.core.errors import InputError
from audit.core.reading import Box
from probes.spurious.regions.grids import LEAST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE = 256
"""Pixels of the longer side at which an image is divided; a smaller one is divided as it is."""
COMPACTNESS = 10.0
PARTS = 2  # an image is divided into so many times the superpixels that are kept


def superpixels(rgb: NDArray[np.uint8], most: int) -> tuple[Box, ...]:
    """Boxes round the `most` largest superpixels of an image (height, width, 3), the largest first, in pixels.

    SLIC (Achanta et al., PAMI 2012; scikit-image) in Lab colour, compactness 10, into twice as many parts, so that what
    is left out is small. Boxes overlap. Raises `InputError` where scikit-image is missing.
    """
    import numpy as np
    from PIL import Image as Picture
    from scipy.ndimage import find_objects

    try:
        from skimage.segmentation import slic
    except ImportError as error:
        raise InputError(
            f"Superpixels need scikit-image: {error}",
            remedy="pip install 'medaudit[mining]', or leave out the kind superpixel",
        ) from error
    height, width = rgb.shape[:2]
    scale = min(SIDE / max(height, width), 1.0)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = np.asarray(Picture.fromarray(rgb).resize(size, Picture.Resampling.BOX))
    parts = max(min(PARTS * most, size[0] * size[1] // LEAST**2), 1)
    labels = slic(small, n_segments=parts, compactness=COMPACTNESS, start_label=1, channel_axis=2)
    areas = np.bincount(labels.ravel())[1:]
    found = find_objects(labels)
    order = sorted(range(len(found)), key=lambda part: (-areas[part], part))[:most]
    return tuple(_box(found[part], (width / size[0], height / size[1]), (width, height)) for part in order)


def _box(part: tuple[slice, slice], scale: tuple[float, float], size: tuple[int, int]) -> Box:
    down, across = part
    left, right = round(across.start * scale[0]), min(round(across.stop * scale[0]), size[0])
    top, bottom = round(down.start * scale[1]), min(round(down.stop * scale[1]), size[1])
    return left, top, right, bottom
