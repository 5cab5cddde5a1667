"""Blur of lenses, of moving patients and of compression by averaging.

Lengths in pixels hold at 224 px of the shorter side and grow with the image.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import fft
from scipy.ndimage import convolve1d

from probes.shifts.corruptions.corruption import MEDMNIST_C, Corruption, Floats, Value, number, numbers, scale_of
from probes.shifts.corruptions.through import gaussian_blurred, zoom_blurred

Kernel = np.ndarray[tuple[int, int], np.dtype[np.float32]]


def gaussian_blur(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """A Gaussian kernel of k pixels with sigma = 0.15 k + 0.35."""
    del rng
    width, scale = number(value), scale_of(x)
    return gaussian_blurred(x, 2 * int(width * scale / 2) + 1, (0.15 * width + 0.35) * scale)


def defocus(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """A disk of `radius` whose edge is smoothed by `sigma`, both in pixels."""
    del rng
    radius, sigma = numbers(value)
    return convolved(x, resized(disk(radius, sigma), scale_of(x)), border="symmetric")


def disk(radius: float, sigma: float) -> Kernel:
    """The normalised disk of ImageNet-C: pixels within `radius`, smoothed by a Gaussian of 3 (5 beyond radius 8)
    pixels."""
    reach, half = max(8, int(np.ceil(radius))) + 2, 1 if radius <= 8 else 2
    axis = np.arange(-reach, reach + 1)
    hard = (axis[:, None] ** 2 + axis[None, :] ** 2 <= radius**2).astype(np.float32)
    hard /= hard.sum()
    soft = np.exp(-(np.arange(-half, half + 1) ** 2) / (2 * sigma**2))
    soft = (soft / soft.sum()).astype(np.float32)
    kernel: Kernel = convolve1d(convolve1d(hard, soft, axis=0), soft, axis=1)
    return kernel


def resized(kernel: Kernel, scale: float) -> Kernel:
    """A square kernel of odd sides as it is on pixels that are `scale` times as many: averaged over 5 x 5 points of
    each new pixel."""
    if scale == 1:
        return kernel
    reach = kernel.shape[0] // 2
    wide = int(np.ceil((reach + 0.5) * scale))
    place = np.rint(np.arange(-5 * wide - 2, 5 * wide + 3) / 5 / scale).astype(int) + reach
    padded = np.pad(kernel, 1)
    index = np.clip(place + 1, 0, padded.shape[0] - 1)
    fine = padded[index][:, index].reshape(2 * wide + 1, 5, 2 * wide + 1, 5).mean(axis=(1, 3))
    whole: Kernel = (fine / fine.sum()).astype(np.float32)
    return whole


def motion(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Motion at an angle drawn from U(-45, 45) degrees, with weights of ImageMagick: half a Gaussian of `sigma` over
    2 `radius` + 1 pixels, so that the image trails to one side."""
    radius, sigma = (length * scale_of(x) for length in numbers(value))
    angle = np.deg2rad(rng.uniform(-45, 45))
    along = np.arange(2 * int(np.ceil(radius)) + 1)
    weights = np.exp(-(along**2) / (2 * sigma**2))
    reach = len(along)
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    across, down = np.rint(along * np.cos(angle)).astype(int), np.rint(along * np.sin(angle)).astype(int)
    np.add.at(kernel, (reach - down, reach - across), (weights / weights.sum()).astype(np.float32))
    return convolved(x, kernel, border="edge")


def zoom(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """The mean of the image and of copies zoomed about the centre, up to a factor, in steps."""
    del rng
    largest, step = numbers(value)
    return zoom_blurred(x, largest, step)


def convolved(x: Floats, kernel: Kernel, border: Literal["edge", "symmetric"]) -> Floats:
    """Each channel convolved with a square kernel of odd sides, the border repeated or mirrored; by the Fourier
    transform."""
    reach = kernel.shape[0] // 2
    rest = [(reach, reach), (reach, reach), *[(0, 0)] * (x.ndim - 2)]
    padded = np.pad(x, rest, mode=border)
    sides = [fft.next_fast_len(side, real=True) for side in padded.shape[:2]]
    weight = fft.rfft2(kernel, sides).reshape(sides[0], -1, *[1] * (x.ndim - 2))
    spectrum = fft.rfft2(padded, sides, axes=(0, 1)) * weight
    whole = fft.irfft2(spectrum, sides, axes=(0, 1))
    result: Floats = whole[2 * reach : 2 * reach + x.shape[0], 2 * reach : 2 * reach + x.shape[1]].astype(np.float32)
    return result


_PLAIN = "in pixels at 224 px"

CORRUPTIONS = (
    Corruption(
        name="gaussian_blur",
        title="Gaussian blur",
        meaning="a large focal spot, a soft reconstruction kernel, smoothing in the archive",
        modalities=("X-ray", "CT"),
        unit=f"kernel width k {_PLAIN}; sigma = 0.15 k + 0.35",
        severities={"X-ray": (3, 5, 7, 9, 11), "CT": (11, 13, 15, 17, 21)},
        preserves_meaning=True,
        source=f"{MEDMNIST_C}; albumentations",
        apply=gaussian_blur,
    ),
    Corruption(
        name="defocus_blur",
        title="Defocus blur",
        meaning="the lens is out of focus",
        modalities=("dermoscopy", "histology", "fundus photograph", "OCT"),
        unit=f"radius of the disk {_PLAIN}, sigma of its edge in pixels",
        severities={
            "histology": ((3, 0.1), (4, 0.1), (5, 0.2), (6, 0.2), (7, 0.3)),
            "dermoscopy": ((4, 0.1), (5, 0.2), (6, 0.3), (7, 0.4), (8, 0.5)),
            "fundus photograph": ((4, 0.1), (5, 0.2), (6, 0.3), (7, 0.4), (8, 0.5)),
            "OCT": ((0.5, 0.6), (1, 0.5), (1.5, 0.1), (2, 0.5), (2.5, 0.1)),
        },
        preserves_meaning=True,
        source=f"{MEDMNIST_C}; kernel of ImageNet-C (Hendrycks and Dietterich 2019)",
        apply=defocus,
    ),
    Corruption(
        name="motion_blur",
        title="Motion blur",
        meaning="the patient, the probe or the stage moved during the exposure",
        modalities=("dermoscopy", "histology", "fundus photograph", "ultrasound", "OCT"),
        unit=f"radius and sigma of the trail {_PLAIN}",
        severities={
            "histology": ((5, 5), (10, 5), (15, 5), (15, 8), (15, 12)),
            "dermoscopy": ((10, 5), (15, 5), (15, 8), (15, 12), (20, 15)),
            "fundus photograph": ((8, 5), (15, 5), (15, 8), (15, 12), (20, 15)),
            "ultrasound": ((5, 5), (9, 7), (9, 10), (13, 10), (17, 12)),
            "OCT": ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15)),
        },
        preserves_meaning=True,
        source=f"{MEDMNIST_C}; weights of ImageMagick's motion blur",
        apply=motion,
    ),
    Corruption(
        name="zoom_blur",
        title="Zoom blur",
        meaning="the camera moved towards the lesion during the exposure",
        modalities=("dermoscopy",),
        unit="largest zoom factor, and the step between factors",
        severities={"dermoscopy": ((1.11, 0.01), (1.15, 0.01), (1.20, 0.02), (1.24, 0.02), (1.30, 0.03))},
        preserves_meaning=True,
        source=f"{MEDMNIST_C}; albumentations",
        apply=zoom,
    ),
)
