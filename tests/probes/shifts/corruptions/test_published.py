"""What is published is computed as it is published, against independent implementations."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Picture
from PIL import ImageEnhance
from scipy import ndimage
from skimage import color, exposure

from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.series import render
from probes.shifts.corruptions import corrupt
from probes.shifts.corruptions.blur import disk, motion, resized
from probes.shifts.corruptions.corruption import Floats

SIDE = 224
FILM = render(draw_case(1, 0, Wish(kind="chest radiograph", view="PA")), SIDE)
SECTION = render(draw_case(1, 4, Wish(kind="histology")), SIDE)
FUNDUS = render(draw_case(1, 8, Wish(kind="fundus photograph")), SIDE)


def close(got: NDArray[np.uint8], wanted: NDArray[np.generic], worst: float = 1.01) -> None:
    assert np.abs(got.astype(float) - wanted.astype(float)).max() <= worst


@pytest.mark.parametrize(("severity", "factor"), [(1, 0.8), (5, 0.25)])
def test_pixelate_is_pillows_box(severity: int, factor: float) -> None:
    small = int(SIDE * factor)
    box = Picture.Resampling.BOX
    wanted = Picture.fromarray(SECTION).resize((small, small), box).resize((SIDE, SIDE), box)
    close(corrupt(SECTION, "pixelate", severity, "histology", 0), np.asarray(wanted))


@pytest.mark.parametrize("pixels", [FILM, SECTION], ids=["grey", "colour"])
def test_jpeg_is_libjpegs(pixels: NDArray[np.uint8]) -> None:
    file = io.BytesIO()
    Picture.fromarray(pixels).save(file, "JPEG", quality=15)
    close(corrupt(pixels, "jpeg", 3, "histology", 0), np.asarray(Picture.open(file)), 0)


def test_gamma_is_that_of_scikit_image() -> None:
    close(corrupt(FILM, "gamma_up", 5, "X-ray", 0), exposure.adjust_gamma(FILM / 255, 1.6) * 255, 0.51)
    assert (
        corrupt(FILM, "gamma_up", 3, "X-ray", 0).mean()
        < FILM.mean()
        < corrupt(FILM, "gamma_down", 3, "X-ray", 0).mean()
    )


def test_brightness_scales() -> None:
    close(corrupt(FILM, "brightness_up", 2, "X-ray", 0), np.clip(FILM * 1.2, 0, 255), 0.51)


@pytest.mark.parametrize(("name", "factor"), [("contrast_up", 1.6), ("contrast_down", 0.5)])
def test_contrast_is_pillows(name: str, factor: float) -> None:
    wanted = ImageEnhance.Contrast(Picture.fromarray(SECTION)).enhance(factor)
    close(corrupt(SECTION, name, 5, "histology", 0), np.asarray(wanted), 1.6)


def test_saturation_is_added_in_hsv() -> None:
    hsv = color.rgb2hsv(SECTION)
    hsv[..., 1] = np.clip(hsv[..., 1] + 0.15, 0, 1)
    got, coloured = corrupt(SECTION, "saturation", 3, "histology", 0), np.ptp(SECTION, axis=2) > 0
    close(got[coloured], (color.hsv2rgb(hsv) * 255)[coloured], 0.51)
    np.testing.assert_array_equal(got[~coloured], SECTION[~coloured], "grey has no hue: it is not tinted red")


@pytest.mark.parametrize(("severity", "width"), [(1, 3), (5, 11)])
def test_gaussian_blur_has_the_published_sigma(severity: int, width: int) -> None:
    taps = np.arange(width) - width // 2
    kernel = np.exp(-(taps**2) / (2 * (0.15 * width + 0.35) ** 2))
    wanted = ndimage.correlate1d(FILM.astype(float), kernel / kernel.sum(), axis=0, mode="mirror")
    wanted = ndimage.correlate1d(wanted, kernel / kernel.sum(), axis=1, mode="mirror")
    close(corrupt(FILM, "gaussian_blur", severity, "X-ray", 0), wanted)


def test_the_disk_holds_the_pixels_within_its_radius() -> None:
    for radius in (0.5, 1, 1.5, 3, 5):
        lattice = [(i, j) for i in range(-9, 10) for j in range(-9, 10) if i * i + j * j <= radius**2]
        kernel = disk(radius, 0.1)
        assert (kernel > 1e-6).sum() == len(lattice)
        assert kernel.max() == pytest.approx(1 / len(lattice), rel=1e-4)
        assert kernel.sum() == pytest.approx(1, abs=1e-5)


def test_defocus_is_a_convolution_of_each_channel() -> None:
    kernel = disk(6, 0.3).astype(float)
    wanted = np.stack(
        [ndimage.convolve(FUNDUS[..., i].astype(float), kernel, mode="reflect") for i in range(3)], axis=2
    )
    close(corrupt(FUNDUS, "defocus_blur", 3, "fundus photograph", 0), wanted)


@pytest.mark.parametrize("scale", [0.5, 0.57, 1.7, 2.0, 3.0])
def test_a_kernel_on_other_pixels_is_as_wide_as_the_pixels_say(scale: float) -> None:
    def spread(kernel: Floats) -> float:
        axis = np.arange(kernel.shape[0]) - kernel.shape[0] // 2
        assert (axis * kernel.sum(axis=0)).sum() == pytest.approx(0, abs=1e-3)
        return float((axis**2 * kernel.sum(axis=0)).sum())

    assert spread(resized(disk(5, 0.2), scale)) == pytest.approx(spread(disk(5, 0.2)) * scale**2, rel=0.08, abs=0.1)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_motion_trails_to_one_side_with_half_a_gaussian(seed: int) -> None:
    point = np.zeros((SIDE, SIDE), np.float32)
    point[112, 112] = 1
    trail = motion(point, (15.0, 8.0), np.random.default_rng(seed))
    assert trail.sum() == pytest.approx(1, abs=1e-3)
    rows, columns = np.nonzero(trail > 1e-4)
    assert columns.max() <= 112, "nothing moves the other way"
    length = np.hypot(112 - rows, 112 - columns)
    assert 25 < length.max() <= 31, "2 x 15 + 1 pixels, the first where the point was"
    assert np.abs(112 - rows).max() <= np.abs(112 - columns).max() + 1, "at most 45 degrees"
    far = trail[rows[length.argmax()], columns[length.argmax()]]
    assert far / trail[112, 112] == pytest.approx(np.exp(-(length.max() ** 2) / (2 * 8**2)), rel=0.25)


def test_zoom_blur_leaves_the_middle_and_smears_the_border() -> None:
    cells = (np.indices((SIDE, SIDE)) // 8).sum(axis=0) % 2 * 255
    board = np.stack([cells, cells, 255 - cells], axis=2).astype(np.uint8)
    change = np.abs(corrupt(board, "zoom_blur", 2, "dermoscopy", 0).astype(int) - board).mean(axis=2)
    assert change[104:120, 104:120].mean() < 0.4 * change[:24, :24].mean()


def test_black_corners_are_black_outside_the_circle() -> None:
    white = np.full((SIDE, SIDE, 3), 255, np.uint8)
    seen = corrupt(white, "black_corner", 5, "dermoscopy", 0)[..., 0] > 127
    assert seen.mean() == pytest.approx(np.pi * (0.9 * SIDE / 2) ** 2 / SIDE**2, rel=0.01)


def test_ink_covers_as_many_marks_of_the_published_width() -> None:
    white = np.full((SIDE, SIDE), 255, np.uint8)
    for severity in range(1, 6):
        marks, count = ndimage.label(corrupt(white, "ink", severity, "histology", 3) < 128)
        assert 1 <= count <= severity
        sides = [max(s.stop - s.start for s in place) for place in ndimage.find_objects(marks)]
        assert max(sides) < (40 if count == 1 else 80)


@pytest.mark.parametrize("severity", [1, 3, 5])
def test_characters_are_as_tall_as_published(severity: int) -> None:
    grey = np.full((SIDE, SIDE, 3), 128, np.uint8)
    written = corrupt(grey, "burned_in_characters", severity, "dermoscopy", 0) != 128
    assert 0.001 < written.mean() < 0.6
    if severity == 1:
        rows = np.nonzero(written.any(axis=(1, 2)))[0]
        assert rows[-1] - rows[0] == pytest.approx(0.14 * SIDE * 0.72, rel=0.25), "capitals are 0.72 of the type size"
