"""DICOM pixels: what the header declares is what is shown, and what cannot be shown is refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from audit.core.errors import InputError
from audit.data.dicom_pixels import dicom_image, frame_pixels
from audit.data.greyscale import windowed
from audit.data.options import LoadOptions

OPTIONS = LoadOptions()
RNG = np.random.default_rng(11)
HOUNSFIELD = RNG.integers(-1000, 1500, (12, 9)).astype(np.int16)


def show(path: Path, frame: int = 0, **options: Any) -> np.ndarray:
    return dicom_image(path, frame, LoadOptions(**options)).pixels


def test_rescale_and_the_headers_window(write_dicom: Callable[..., Path]) -> None:
    stored = (HOUNSFIELD + 1024).astype(np.uint16)
    path = write_dicom(
        "a.dcm",
        stored,
        Modality="CT",
        RescaleSlope=1,
        RescaleIntercept=-1024,
        WindowWidth=[400, 80],
        WindowCenter=[40, 40],
    )
    np.testing.assert_array_equal(show(path), windowed(HOUNSFIELD, 400, 40))
    np.testing.assert_array_equal(show(path, window="lung"), windowed(HOUNSFIELD, 1500, -600))


def test_a_ct_window_is_for_ct_only(write_dicom: Callable[..., Path]) -> None:
    path = write_dicom("a.dcm", HOUNSFIELD, Modality="MR", WindowWidth=500, WindowCenter=100)
    np.testing.assert_array_equal(show(path, window="lung"), windowed(HOUNSFIELD, 500, 100))


def test_monochrome1_is_inverted(write_dicom: Callable[..., Path]) -> None:
    pixels = RNG.integers(0, 256, (6, 5), dtype=np.uint8)
    one = write_dicom("1.dcm", pixels, PhotometricInterpretation="MONOCHROME1", WindowWidth=256, WindowCenter=128)
    two = write_dicom("2.dcm", pixels, WindowWidth=256, WindowCenter=128)
    np.testing.assert_array_equal(show(two), pixels)
    np.testing.assert_array_equal(show(one), 255 - pixels)


def test_padding_is_black_and_does_not_widen_the_range(write_dicom: Callable[..., Path]) -> None:
    pixels = RNG.integers(100, 200, (20, 20)).astype(np.int16)
    pixels[0] = -2000
    for photometric in ("MONOCHROME1", "MONOCHROME2"):
        path = write_dicom("p.dcm", pixels, PhotometricInterpretation=photometric)
        header_pad = write_dicom("q.dcm", pixels, PhotometricInterpretation=photometric, PixelPaddingValue=-2000)
        assert np.ptp(show(path)[1:]) < 25
        assert np.ptp(show(header_pad)[1:]) == 255
        assert (show(header_pad)[0] == 0).all()


def test_a_voi_lut_is_applied(write_dicom: Callable[..., Path]) -> None:
    table = Dataset()
    table.LUTDescriptor = [4, 10, 8]
    table.LUTData = [0, 255, 128, 64]
    table["LUTData"].VR = "US"
    path = write_dicom("l.dcm", np.array([[0, 10, 11], [12, 13, 99]], np.uint16), VOILUTSequence=[table])
    np.testing.assert_array_equal(show(path), [[0, 0, 255], [128, 64, 64]])


def test_a_palette_is_looked_up(write_dicom: Callable[..., Path]) -> None:
    tables = {"Red": [0, 10, 200], "Green": [1, 20, 100], "Blue": [2, 30, 50]}
    elements: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for name, entries in tables.items():
        elements[f"{name}PaletteColorLookupTableDescriptor"] = [3, 0, 16]
        data = np.array([entry * 257 for entry in entries], "<u2").tobytes()
        elements[f"{name}PaletteColorLookupTableData"] = data
    path = write_dicom("p.dcm", np.array([[0, 1], [2, 1]], np.uint8), **elements)
    np.testing.assert_array_equal(show(path), [[[0, 1, 2], [10, 20, 30]], [[200, 100, 50], [10, 20, 30]]])


def test_ybr_becomes_rgb(write_dicom: Callable[..., Path]) -> None:
    ybr = np.array([[[76, 85, 255], [150, 44, 21]]], dtype=np.uint8)  # red and green, PS3.3 C.7.6.3.1.2
    path = write_dicom("y.dcm", ybr, PhotometricInterpretation="YBR_FULL")
    np.testing.assert_allclose(show(path)[0], [[254, 0, 0], [0, 255, 1]], atol=2)


def test_rgb_is_kept_and_frames_are_told_apart(write_dicom: Callable[..., Path]) -> None:
    stack = RNG.integers(0, 256, (4, 6, 5, 3), dtype=np.uint8)
    path = write_dicom("f.dcm", stack, frames=4)
    for frame in range(4):
        np.testing.assert_array_equal(show(path, frame), stack[frame])


def test_windows_of_functional_groups(write_dicom: Callable[..., Path]) -> None:
    def group(width: int) -> Dataset:
        window, frame = Dataset(), Dataset()
        window.WindowWidth, window.WindowCenter = width, 100
        frame.FrameVOILUTSequence = [window]
        return frame

    rescale, shared = Dataset(), Dataset()
    rescale.RescaleSlope, rescale.RescaleIntercept = 2, -50
    shared.PixelValueTransformationSequence = [rescale]
    stack = RNG.integers(0, 200, (2, 6, 5)).astype(np.uint16)
    groups = {"PerFrameFunctionalGroupsSequence": [group(100), group(300)], "SharedFunctionalGroupsSequence": [shared]}
    path = write_dicom("e.dcm", stack, frames=2, **groups)
    for frame, width in enumerate((100, 300)):
        np.testing.assert_array_equal(show(path, frame), windowed(stack[frame] * 2.0 - 50, width, 100))


def test_bits_above_the_stored_ones_are_not_pixels(write_dicom: Callable[..., Path]) -> None:
    clean = RNG.integers(0, 4096, (6, 6)).astype(np.uint16)
    with_overlay = clean | np.uint16(0x8000)
    elements = {"BitsStored": 12, "HighBit": 11, "WindowWidth": 4096, "WindowCenter": 2048}
    np.testing.assert_array_equal(
        show(write_dicom("o.dcm", with_overlay, **elements)), show(write_dicom("c.dcm", clean, **elements))
    )


def test_what_cannot_be_shown_is_refused(write_dicom: Callable[..., Path]) -> None:
    good = np.zeros((8, 8), np.uint8)
    bad_window = write_dicom("w.dcm", good, WindowWidth=0, WindowCenter=1)
    no_pixels = write_dicom("n.dcm", None, Rows=8, Columns=8)
    no_image = write_dicom("s.dcm", None, Modality="SR")
    cut = write_dicom("t.dcm", RNG.integers(0, 256, (64, 64), dtype=np.uint8))
    cut.write_bytes(cut.read_bytes()[:-2000])
    huge = write_dicom("h.dcm", good, Rows=60_000, Columns=60_000)
    for path, says in (
        (bad_window, "not possible"),
        (no_pixels, "no pixel data"),
        (no_image, r"Modality SR"),
        (cut, "cannot be decoded|no pixel data"),
        (huge, "more than the limit"),
        (huge.parent / "none.dcm", "no such file"),
    ):
        with pytest.raises(InputError, match=says):
            frame_pixels(path, 0, OPTIONS)


def test_a_transfer_syntax_without_decoder_is_refused(write_dicom: Callable[..., Path]) -> None:
    path = write_dicom("x.dcm", np.zeros((8, 8), np.uint8))
    body = path.read_bytes().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.99")
    path.write_bytes(body)
    with pytest.raises(InputError, match="cannot be decoded"):
        frame_pixels(path, 0, OPTIONS)
