"""What archives and viewers do: fewer pixels, lossy compression."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image as Picture

from probes.shifts.corruptions.corruption import MEDMNIST_C, Corruption, Floats, Value, number, steps


def pixelate(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Box-averaged down to int(side f) pixels and back up in blocks."""
    del rng
    return _resampled(x, number(value), Picture.Resampling.BOX)


def resolution(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Box-averaged down to int(side f) pixels, as larger detector elements do, and interpolated up bicubically."""
    del rng
    return _resampled(x, number(value), Picture.Resampling.BICUBIC)


def jpeg(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Through baseline JPEG (8 bits; colour at 4:2:0, as encoders do by default)."""
    del rng
    return _coded(x, "JPEG", quality=int(number(value)))


def jpeg2000(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Through irreversible JPEG 2000 (8 bits) at a compression ratio."""
    del rng
    levels = max(0, min(5, int(np.log2(min(x.shape[:2]))) - 2))
    return _coded(
        x,
        "JPEG2000",
        irreversible=True,
        quality_mode="rates",
        quality_layers=[number(value)],
        num_resolutions=levels + 1,
    )


def _coded(x: Floats, form: str, **settings: object) -> Floats:
    eight = np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8)
    with io.BytesIO() as file:
        Picture.fromarray(eight).save(file, form, **settings)
        decoded = np.asarray(Picture.open(file), np.float32)
    result: Floats = decoded / np.float32(255)
    return result


def _resampled(x: Floats, factor: float, up: Picture.Resampling) -> Floats:
    height, width = x.shape[:2]
    small = (max(1, int(width * factor)), max(1, int(height * factor)))
    planes = [x] if x.ndim == 2 else [x[..., channel] for channel in range(3)]
    done = [
        np.asarray(
            Picture.fromarray(plane).resize(small, Picture.Resampling.BOX).resize((width, height), up), np.float32
        )
        for plane in map(np.ascontiguousarray, planes)
    ]
    return done[0] if x.ndim == 2 else np.stack(done, axis=2)


CORRUPTIONS = (
    Corruption(
        name="pixelate",
        title="Pixelation",
        meaning="a thumbnail shown as if it were the image",
        modalities=(),
        unit="share of the side that is left in pixels",
        severities={
            "X-ray": (0.3, 0.25, 0.2, 0.15, 0.1),
            "X-ray:pneumonia": (0.8, 0.7, 0.6, 0.5, 0.4),
            "CT": (0.7, 0.6, 0.5, 0.4, 0.35),
            "dermoscopy": (0.7, 0.5, 0.4, 0.3, 0.25),
            "histology": (0.8, 0.6, 0.4, 0.3, 0.25),
            "fundus photograph": (0.8, 0.6, 0.5, 0.4, 0.35),
            "ultrasound": steps(0.3, 0.1),
            "OCT": steps(0.3, 0.1),
            "*": (0.7, 0.6, 0.5, 0.4, 0.35),
        },
        preserves_meaning=True,
        source=f"{MEDMNIST_C}; other modalities take the values of CT",
        apply=pixelate,
    ),
    Corruption(
        name="jpeg",
        title="JPEG compression",
        meaning="an export or a screenshot saved with little quality",
        modalities=(),
        unit="quality of libjpeg (lower is worse)",
        severities={
            "X-ray": (50, 30, 15, 10, 7),
            "CT": (50, 30, 15, 10, 7),
            "dermoscopy": (30, 20, 15, 10, 7),
            "histology": (50, 30, 15, 10, 7),
            "fundus photograph": (30, 25, 20, 10, 5),
            "ultrasound": (50, 30, 15, 10, 7),
            "OCT": (30, 15, 10, 7, 5),
            "*": (50, 30, 15, 10, 7),
        },
        preserves_meaning=True,
        source=f"{MEDMNIST_C}; other modalities take the values of CT",
        apply=jpeg,
    ),
    Corruption(
        name="resolution",
        title="Low resolution",
        meaning="a coarser detector or matrix, interpolated to the usual size",
        modalities=(),
        unit="share of the side that is resolved",
        severities={"*": (0.75, 0.5, 0.35, 0.25, 0.18)},
        preserves_meaning=True,
        source="our own scale; area averaging over larger detector elements",
        apply=resolution,
    ),
    Corruption(
        name="compression",
        title="JPEG 2000 compression",
        meaning="lossy compression in the archive",
        modalities=(),
        unit="compression ratio to one",
        severities={"histology": (5, 9, 14, 20, 26), "*": (8, 14, 22, 32, 44)},
        preserves_meaning=True,
        source="our own scale, from ratios in use to far beyond them; DICOM PS3.5 A.4.4",
        apply=jpeg2000,
    ),
)
