"""NIfTI volumes: one axial slice as an image."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.files import DECODE_ERRORS, unreadable
from audit.data.greyscale import full_range, windowed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audit.core.image import Pixels


def open_nifti(path: Path, max_pixels: int, window: tuple[float, float] | None = None) -> Image:
    """The axial slice in the middle of a .nii or .nii.gz file, seen from the feet (the patient's right on the left).

    uint8 grey: by `window` (width, level) in the file's scaled units where given, else from the 0.5th to the 99.5th
    percentile of the slice. The first volume of a series is taken. Needs nibabel (the extra `nifti`). Raises
    `InputError`, now or when the pixels are read.
    """
    slice_shape(path, max_pixels)
    return Image(lambda: _pixels(path, max_pixels, window), source=str(path))


def slice_shape(path: Path, max_pixels: int) -> tuple[int, int]:
    """(rows, columns) of the slice that would be shown. Raises `InputError` as `open_nifti` does."""
    volume = _opened(path)
    try:
        left, front, up = _axes(volume)
        rows, columns = int(volume.shape[front]), int(volume.shape[left])
    except DECODE_ERRORS as error:
        raise unreadable(path, error) from error
    if min(rows, columns, int(volume.shape[up])) < 1:
        raise InputError("holds an empty volume", path=path)
    if rows * columns > max_pixels:
        raise InputError(f"has {columns} x {rows} pixels, more than the limit of {max_pixels:,}", path=path)
    return rows, columns


def _opened(path: Path) -> Any:
    try:
        import nibabel
    except ImportError as error:
        raise InputError("NIfTI needs nibabel", path=path, remedy="pip install 'medaudit[nifti]'") from error
    if not path.is_file():
        raise InputError("there is no such file", path=path)
    try:
        volume: Any = nibabel.load(path)
    except (nibabel.filebasedimages.ImageFileError, *DECODE_ERRORS) as error:
        raise unreadable(path, error) from error
    if len(volume.shape) < 3:
        raise InputError(f"has {len(volume.shape)} dimensions, not 3", path=path)
    return volume


def _axes(volume: Any) -> tuple[int, int, int]:
    """Which axes of the array run right-left, back-front and feet-head."""
    codes = [int(axis) for axis in _orientation(volume)[:3, 0]]
    return codes.index(0), codes.index(1), codes.index(2)


def _orientation(volume: Any) -> Any:
    """Per axis of the array: the axis of the body that it runs along, and whether it runs to its end (1) or start."""
    from nibabel import orientations

    found: Any = orientations.io_orientation(volume.affine)  # type: ignore[no-untyped-call]
    return found


def _pixels(path: Path, max_pixels: int, window: tuple[float, float] | None) -> Pixels:
    import numpy as np

    slice_shape(path, max_pixels)
    volume = _opened(path)
    try:
        left, front, up = _axes(volume)
        toward = _orientation(volume)[:, 1]
        cut: list[Any] = [slice(None)] * 3 + [0] * (len(volume.shape) - 3)
        cut[up] = int(volume.shape[up]) // 2
        plane: NDArray[np.float64] = np.asarray(volume.dataobj[tuple(cut)], dtype=np.float64)
    except DECODE_ERRORS as error:
        raise unreadable(path, error) from error
    plane = plane.T if left < front else plane
    # rows from front to back, columns from the patient's right to left
    plane = plane[:: 1 if toward[front] < 0 else -1, :: 1 if toward[left] < 0 else -1]
    if not np.isfinite(plane).all():
        raise InputError("holds values that are not finite", path=path)
    width_level = window if window is not None else full_range(plane)
    return windowed(plane, *width_level)
