"""Panels of a grid, in reading order."""

from __future__ import annotations

import numpy as np
import pytest

from audit.core.image import Image
from audit.data.panels import panels, repeated


def test_panels_are_cut_in_reading_order() -> None:
    pixels = np.arange(6 * 9 * 3, dtype=np.uint8).reshape(6, 9, 3)
    found = panels(Image.of(pixels), 3)
    assert len(found) == 9
    np.testing.assert_array_equal(found[5].pixels, pixels[2:4, 6:9])
    rebuilt = np.vstack([np.hstack([found[3 * r + c].pixels for c in range(3)]) for r in range(3)])
    np.testing.assert_array_equal(rebuilt, pixels)


def test_a_picture_that_does_not_divide_is_refused() -> None:
    with pytest.raises(ValueError, match="no grid of 2 x 2"):
        panels(Image.of(np.zeros((6, 9), np.uint8)), 2)


def test_repeated_hashes_are_paired_with_the_first() -> None:
    assert repeated(("a", "b", "a", "a")) == ((1, 3), (1, 4))
    assert repeated(("a", "b")) == ()
