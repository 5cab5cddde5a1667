"""Grey levels and colours: brightness, contrast, gamma, saturation, and a photometric interpretation read wrongly."""

from __future__ import annotations

import numpy as np

from probes.shifts.corruptions.corruption import MEDMNIST_C, Corruption, Floats, Value, number, steps

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def brightness(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """x times a factor."""
    del rng
    return x * np.float32(number(value))


def contrast(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Scaled by a factor around the mean grey of the image (ITU-R BT.601 luma for colour)."""
    del rng
    mean = np.float32((x @ _LUMA if x.ndim == 3 else x).mean(dtype=np.float64))
    result: Floats = mean + np.float32(number(value)) * (x - mean)
    return result


def gamma(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """x to the power g: above 1 it darkens."""
    del rng
    result: Floats = np.power(x, np.float32(number(value)))
    return result


def saturation(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Adds to the saturation of HSV. Value and hue stay, so each channel moves away from the largest one; a grey pixel
    has no hue and stays grey."""
    del rng
    red, green, blue = x[..., 0], x[..., 1], x[..., 2]
    top = np.maximum(np.maximum(red, green), blue)[..., None]
    spread = top - np.minimum(np.minimum(red, green), blue)[..., None]
    now = spread / np.maximum(top, np.float32(1e-6))
    wanted = np.clip(now + np.float32(number(value)), 0, 1)
    ratio = np.where(spread > 0, wanted / np.maximum(now, np.float32(1e-6)), np.float32(1))
    result: Floats = top - (top - x) * ratio
    return result


def inverted(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """1 - x on a share of 1."""
    del value, rng
    return np.float32(1) - x


_RADIOGRAPHIC = ("X-ray", "mammography", "dental X-ray", "angiography", "fluoroscopy")
_UP_DOWN = ("X-ray", "CT", "dermoscopy", "histology", "ultrasound")

CORRUPTIONS = (
    Corruption(
        name="brightness_up",
        title="Brighter",
        meaning="a display or an export that is too bright; bright parts burn out",
        modalities=_UP_DOWN,
        unit="factor on every value",
        severities={
            "X-ray": steps(1.1, 1.5),
            "CT": steps(1.2, 1.6),
            "dermoscopy": steps(1.1, 1.5),
            "histology": (1.1, 1.15, 1.2, 1.22, 1.25),
            "ultrasound": (1.4, 1.5, 1.6, 1.8, 2.0),
        },
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=brightness,
    ),
    Corruption(
        name="brightness_down",
        title="Darker",
        meaning="a display or an export that is too dark",
        modalities=("X-ray", "CT", "dermoscopy", "histology", "fundus photograph", "ultrasound"),
        unit="factor on every value",
        severities={
            "X-ray": steps(0.9, 0.5),
            "CT": steps(0.8, 0.6),
            "dermoscopy": steps(0.9, 0.5),
            "histology": (0.85, 0.8, 0.75, 0.72, 0.7),
            "fundus photograph": steps(0.9, 0.5),
            "ultrasound": (0.55, 0.5, 0.45, 0.4, 0.3),
        },
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=brightness,
    ),
    Corruption(
        name="contrast_up",
        title="More contrast",
        meaning="a steep display curve or a narrow window",
        modalities=("X-ray", "CT", "dermoscopy", "histology"),
        unit="factor around the mean grey",
        severities={
            "X-ray": (1.1, 1.2, 1.3, 1.4, 1.6),
            "CT": (1.3, 1.4, 1.6, 1.7, 1.8),
            "dermoscopy": (1.1, 1.2, 1.3, 1.4, 1.6),
            "histology": (1.1, 1.2, 1.3, 1.4, 1.6),
        },
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=contrast,
    ),
    Corruption(
        name="contrast_down",
        title="Less contrast",
        meaning="a flat display curve, scattered light, a wide window",
        modalities=(*_UP_DOWN, "fundus photograph", "OCT"),
        unit="factor around the mean grey",
        severities={
            "X-ray": (0.9, 0.8, 0.7, 0.6, 0.4),
            "CT": (0.8, 0.7, 0.6, 0.55, 0.5),
            "dermoscopy": steps(0.8, 0.4),
            "histology": (0.8, 0.7, 0.6, 0.55, 0.5),
            "fundus photograph": (0.9, 0.8, 0.7, 0.6, 0.4),
            "ultrasound": (0.9, 0.8, 0.7, 0.6, 0.4),
            "OCT": (0.6, 0.4, 0.3, 0.2, 0.15),
        },
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=contrast,
    ),
    Corruption(
        name="gamma_up",
        title="Gamma above 1",
        meaning="a display curve that darkens the middle greys",
        modalities=("X-ray", "CT"),
        unit="exponent",
        severities={"X-ray": (1.1, 1.2, 1.3, 1.4, 1.6), "CT": (1.3, 1.4, 1.6, 1.8, 2.0)},
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=gamma,
    ),
    Corruption(
        name="gamma_down",
        title="Gamma below 1",
        meaning="a display curve that brightens the middle greys",
        modalities=("X-ray", "CT"),
        unit="exponent",
        severities={"X-ray": (0.9, 0.8, 0.7, 0.6, 0.4), "CT": (0.9, 0.8, 0.7, 0.6, 0.4)},
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=gamma,
    ),
    Corruption(
        name="saturation",
        title="Saturated colours",
        meaning="a strong stain or a camera's vivid colour mode",
        modalities=("histology",),
        unit="added to the saturation of HSV",
        severities={"histology": steps(0.05, 0.25)},
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=saturation,
        colour=True,
    ),
    Corruption(
        name="photometric_inversion",
        title="MONOCHROME1 read as MONOCHROME2",
        meaning="the header's photometric interpretation is ignored, so black and white change places; "
        "there are no degrees of it: all severities are the same picture",
        modalities=(*_RADIOGRAPHIC, "CT", "MRI", "PET", "nuclear medicine"),
        unit="share of the grey scale that is reversed",
        severities={"*": (1, 1, 1, 1, 1)},
        preserves_meaning=True,
        source="DICOM PS3.3 C.7.6.3.1.2",
        apply=inverted,
    ),
)
