"""DICOM pixels to what is shown: 8-bit grey or RGB, through the windows that the header or the user declares."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.codestream import codestream_size
from audit.data.dicom_header import DICOM_ERRORS, frames, numbers, read_whole, text, texts, value
from audit.data.files import unreadable
from audit.data.greyscale import full_range, windowed
from audit.data.options import LoadOptions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydicom import Dataset as Header

    from audit.core.image import Pixels

_PIXEL_ELEMENTS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


def dicom_image(path: Path, frame: int, options: LoadOptions) -> Image:
    """One frame (from 0) of a DICOM file as an image; see `frame_pixels` for what is done and raised."""
    return Image(lambda: frame_pixels(path, frame, options), source=f"{path}#{frame + 1}")


def refuse_size(header: Header, path: Path, max_pixels: int) -> None:
    """Raise `InputError` for a file without an image, or with more than `max_pixels` pixels per frame."""
    rows, columns = numbers(header, "Rows"), numbers(header, "Columns")
    if not rows or not columns or rows[0] < 1 or columns[0] < 1:
        modality = text(header, "Modality")
        raise InputError(f"holds no image{f' (Modality {modality})' if modality else ''}", path=path)
    if rows[0] * columns[0] > max_pixels:
        size = f"{columns[0]:.0f} x {rows[0]:.0f}"
        raise InputError(f"has {size} pixels, more than the limit of {max_pixels:,}", path=path)


def frame_pixels(path: Path, frame: int, options: LoadOptions) -> Pixels:
    """uint8 pixels of one frame: grey after modality LUT and window (or VOI LUT), colour as RGB.

    DICOM PS3.3 C.7.6.3 and C.11: MONOCHROME1 is inverted, palettes are looked up, YBR becomes RGB, padding is black,
    overlay planes are not drawn. Raises `InputError`: no pixel data, a transfer syntax without a decoder, truncated,
    damaged, more than `max_pixels` pixels, or compressed pixels of another size than the header says.
    """
    from pydicom.pixels.processing import apply_color_lut
    from pydicom.pixels.utils import pixel_array

    header = read_whole(path)
    refuse_size(header, path, options.max_pixels)
    if not any(element in header for element in _PIXEL_ELEMENTS):
        raise InputError("has no pixel data (or is cut off before it)", path=path)
    try:
        index = min(frame, frames(header) - 1)
        _refuse_codestream(header, path, index)
        raw = pixel_array(header, index=index)
        if text(header, "PhotometricInterpretation") == "PALETTE COLOR":
            return _eight_bit_colour(apply_color_lut(raw, header))
        if raw.ndim == 3:
            return _eight_bit_colour(raw, int(value(header, "BitsStored") or 8))
        return _grey(raw, header, frame, options)
    except InputError:
        raise
    except DICOM_ERRORS as error:
        raise unreadable(path, error) from error


def _refuse_codestream(header: Header, path: Path, index: int) -> None:
    """Refuse compressed pixels whose own size is not the header's: a decoder would allocate whatever they state."""
    from pydicom.encaps import get_frame

    if not header.file_meta.TransferSyntaxUID.is_compressed or not header["PixelData"].is_undefined_length:
        return
    size = codestream_size(get_frame(header.PixelData, index, number_of_frames=frames(header)))
    columns, rows, samples = (int(numbers(header, name)[0]) for name in ("Columns", "Rows", "SamplesPerPixel"))
    if size is not None and size != (columns, rows, samples):
        stated = f"{size[0]} x {size[1]} x {size[2]}"
        raise InputError(
            f"its compressed pixels are {stated}, the header says {columns} x {rows} x {samples}", path=path
        )


def _eight_bit_colour(pixels: NDArray[Any], stored: int | None = None) -> NDArray[np.uint8]:
    import numpy as np

    bits = stored or 8 * pixels.dtype.itemsize
    return (pixels >> max(0, bits - 8)).astype(np.uint8)[..., :3]


def _grey(raw: NDArray[Any], header: Header, frame: int, options: LoadOptions) -> NDArray[np.uint8]:
    import numpy as np
    from pydicom.pixels.processing import apply_modality_lut

    stored = int(value(header, "BitsStored") or 8 * raw.dtype.itemsize)
    if raw.dtype.kind == "u" and stored < 8 * raw.dtype.itemsize:
        raw = raw & raw.dtype.type((1 << stored) - 1)  # old files keep overlays in the bits above
    padded = _padding(raw, header)
    rescale = _functional(header, frame, "PixelValueTransformationSequence", "RescaleSlope")
    voi = _functional(header, frame, "FrameVOILUTSequence", "WindowCenter")
    values = np.asarray(apply_modality_lut(raw, rescale))
    shown = _shown(values, voi, padded, _own_window(header, options))
    if text(header, "PhotometricInterpretation") == "MONOCHROME1":
        shown = np.uint8(255) - shown
    shown[padded] = 0
    return shown


def _shown(
    values: NDArray[Any],
    voi: Header,
    padded: NDArray[np.bool_],
    own: tuple[float, float] | None,
) -> NDArray[np.uint8]:
    if own is not None:
        return windowed(values, *own)
    if value(voi, "VOILUTSequence"):
        return _through_lut(values, voi)
    widths, centres = numbers(voi, "WindowWidth"), numbers(voi, "WindowCenter")
    if widths and centres:
        return windowed(values, widths[0], centres[0], text(voi, "VOILUTFunction").upper() or "LINEAR")
    return windowed(values, *full_range(values[~padded]))


def _through_lut(values: NDArray[Any], voi: Header) -> NDArray[np.uint8]:
    import numpy as np
    from pydicom.pixels.processing import apply_voi

    bits = int(voi.VOILUTSequence[0].LUTDescriptor[2])
    looked_up = np.asarray(apply_voi(values.astype(np.int64, copy=False), voi, index=0), dtype=np.float64)
    return np.rint(np.clip(looked_up / ((1 << bits) - 1), 0, 1) * 255).astype(np.uint8)


def _own_window(header: Header, options: LoadOptions) -> tuple[float, float] | None:
    return options.window_width_level if text(header, "Modality") == "CT" else None


def _padding(raw: NDArray[Any], header: Header) -> NDArray[np.bool_]:
    """Where pixels are padding (PS3.3 C.7.5.1.1.2), compared as stored values."""
    import numpy as np

    found = numbers(header, "PixelPaddingValue")
    if not found:
        return np.zeros(raw.shape, dtype=bool)
    limit = numbers(header, "PixelPaddingRangeLimit") or found
    low, high = sorted((found[0], limit[0]))
    return np.asarray((raw >= low) & (raw <= high))


def _functional(header: Header, frame: int, sequence: str, keyword: str) -> Header:
    """Where a frame's rescale or window stands: the header, or in enhanced objects the functional group that holds
    `sequence` (per frame before shared)."""
    if value(header, keyword) is not None:
        return header
    per_frame = value(header, "PerFrameFunctionalGroupsSequence") or []
    shared = value(header, "SharedFunctionalGroupsSequence") or []
    for group in (*per_frame[frame : frame + 1], *shared[:1]):
        items = value(group, sequence)
        if items:
            return items[0]  # type: ignore[no-any-return]
    return header


def pixel_rule(options: LoadOptions) -> str:
    """A sentence for the report: how DICOM values became grey values."""
    own = options.window_width_level
    rest = (
        "the first window or VOI LUT of the header, else from the 0.5th to the 99.5th percentile of the unpadded pixels"
    )
    if own is None:
        return f"DICOM grey values: {rest}; MONOCHROME1 is inverted, overlays are not drawn."
    return (
        f"DICOM grey values: CT in the window {own[0]:g} wide at {own[1]:g} HU ({options.window}); others by {rest}; "
        "MONOCHROME1 is inverted, overlays are not drawn."
    )


def pixel_notes(header: Header) -> list[str]:
    """What a reader should know about the pixels: overlays that are not drawn, text that is burned in."""
    notes = []
    planes = sum((0x6000 + 2 * plane, 0x0010) in header for plane in range(16))
    if planes:
        notes.append(f"{planes} overlay plane{'s' if planes > 1 else ''} not drawn")
    if text(header, "BurnedInAnnotation").upper() == "YES":
        notes.append("the header says that text is burned into the pixels")
    if len(texts(header, "WindowCenter")) > 1 and text(header, "PhotometricInterpretation").startswith("MONOCHROME"):
        notes.append(f"{len(texts(header, 'WindowCenter'))} windows are declared, the first is used")
    return notes
