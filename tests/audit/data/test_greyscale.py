"""Windows against pydicom's implementation of DICOM PS3.3 C.11.2.1.2, and against the standard's own example."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.pixels import apply_windowing

from audit.data.greyscale import full_range, windowed


@given(
    st.floats(1, 4000),
    st.floats(-1500, 1500),
    st.sampled_from(["LINEAR", "LINEAR_EXACT", "SIGMOID"]),
)
def test_windows_equal_pydicoms(width: float, level: float, function: str) -> None:
    values = np.arange(-2048, 2048, 13, dtype=np.int16)
    header = Dataset()
    header.WindowWidth, header.WindowCenter = f"{width:.6g}", f"{level:.6g}"
    header.VOILUTFunction = function
    header.PhotometricInterpretation = "MONOCHROME2"
    header.BitsStored, header.PixelRepresentation = 16, 0
    theirs = apply_windowing(values, header) / 65535 * 255
    found = windowed(values, float(f"{width:.6g}"), float(f"{level:.6g}"), function)
    assert np.abs(found - theirs).max() <= 0.51


def test_the_standards_example() -> None:
    # PS3.3 C.11.2.1.2.1: centre 2048, width 4096 leaves 0 black and 4095 white; width 1 is a step above c - 0.5
    assert windowed(np.array([0, 4095]), 4096, 2048).tolist() == [0, 255]
    assert windowed(np.array([2047, 2048, 2049]), 1, 2048).tolist() == [0, 255, 255]


def test_impossible_windows_are_refused() -> None:
    values = np.zeros(3)
    for arguments in ((0, 40), (0.5, 40), (float("nan"), 1), (10, 40, "CUBIC"), (0, 40, "SIGMOID")):
        with pytest.raises(ValueError, match=r"window|function"):
            windowed(values, *arguments)  # type: ignore[arg-type]


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=300))
def test_the_full_range_shows_its_percentiles_black_and_white(numbers: list[float]) -> None:
    values = np.array(numbers)
    low, high = np.percentile(values, [0.5, 99.5])
    shown = windowed(values, *full_range(values))
    if high - low > 1e-3:
        assert (shown[values <= low] <= 1).all()
        assert (shown[values >= high] >= 254).all()
