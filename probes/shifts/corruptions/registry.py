"""All corruptions by name, and the one way to apply them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from audit.core.errors import InputError
from audit.core.finding import stream_seed
from audit.core.image import Image
from probes.shifts.corruptions import (
    blur,
    ct,
    intensity,
    marks,
    mri,
    noise,
    pathology,
    radiograph,
    resolution,
    ultrasound,
)
from probes.shifts.corruptions.corruption import Corruption, Floats

__all__ = ["CORRUPTIONS", "Corruption", "corrupt", "corrupted", "for_modality", "is_grey"]

Pixels = NDArray[np.uint8] | NDArray[np.uint16]

_FAMILIES = (noise, blur, intensity, resolution, marks, ct, mri, radiograph, ultrasound, pathology)
CORRUPTIONS: Mapping[str, Corruption] = MappingProxyType(
    {entry.name: entry for family in _FAMILIES for entry in family.CORRUPTIONS}
)


def for_modality(modality: str, *, grey: bool = False, sanity: bool = False) -> tuple[Corruption, ...]:
    """The corruptions that images of a modality meet, in the registry's order.

    `grey` leaves out those that need colour; entries that do not preserve meaning come with `sanity` only.
    """
    return tuple(
        entry
        for entry in CORRUPTIONS.values()
        if entry.occurs_in(modality) and (sanity or entry.preserves_meaning) and not (grey and entry.colour)
    )


def corrupt(pixels: Pixels, name: str, severity: int, modality: str, seed: int = 0) -> Pixels:
    """New pixels of the same shape and dtype; severity 0 returns a copy.

    `pixels` is uint8 or uint16 of shape (height, width) or (height, width, 3). The work is done in float32 over the
    full range of the dtype, clipped and rounded, so that nothing wraps around; a grey image kept as RGB stays grey. The
    draws depend on the image (its upper bytes), the name and the seed. The severities of one image share them, so that
    the dose is all that differs between them.
    Raises `InputError` for an unknown name, severity or modality, and for a grey image where colour is needed.
    """
    entry = _entry(name, severity, modality)
    if severity == 0:
        return pixels.copy()
    grey = None if not is_grey(pixels) else pixels if pixels.ndim == 2 else pixels[..., 0]
    if entry.colour and grey is not None:
        raise InputError(f"The corruption {name!r} needs a colour image but got a grey one")
    plane = pixels if grey is None else grey
    top = np.float32(np.iinfo(pixels.dtype).max)
    x: Floats = plane.astype(np.float32) / top
    result = entry.apply(x, entry.value(severity, modality), _generator(plane, name, seed))
    done = np.rint(np.clip(result, 0, 1) * top)
    if done.ndim < pixels.ndim:
        done = np.stack([done] * 3, axis=2)
    whole: Pixels = done.astype(pixels.dtype)
    return whole


def corrupted(image: Image, name: str, severity: int, modality: str, seed: int = 0) -> Image:
    """The image, corrupted each time its pixels are read. Raises `InputError` as `corrupt` does, at once for an unknown
    name, severity or modality."""
    _entry(name, severity, modality)
    return Image(partial(_load, image, name, severity, modality, seed), f"{image.source} [{name} {severity}]")


def is_grey(pixels: Pixels) -> bool:
    """Whether an image has one channel, or three that are equal."""
    return pixels.ndim == 2 or bool((pixels == pixels[..., :1]).all())


def _load(image: Image, name: str, severity: int, modality: str, seed: int) -> Pixels:
    return corrupt(image.pixels, name, severity, modality, seed)


def _entry(name: str, severity: int, modality: str) -> Corruption:
    if name not in CORRUPTIONS:
        raise InputError(f"Unknown corruption {name!r}", remedy=f"known: {', '.join(CORRUPTIONS)}")
    if severity not in range(6):
        raise InputError(f"Expected a severity from 0 to 5 but got {severity!r}")
    entry = CORRUPTIONS[name]
    if not entry.occurs_in(modality):
        known = ", ".join(entry.modalities)
        raise InputError(f"The corruption {name!r} does not occur in {modality!r}", remedy=f"it occurs in {known}")
    return entry


def _generator(plane: Pixels, name: str, seed: int) -> np.random.Generator:
    """The upper bytes enter, so that an image draws the same in 8 and in 16 bits."""
    upper = np.ascontiguousarray((plane >> 8 if plane.dtype == np.uint16 else plane).astype(np.uint8))
    known = hashlib.sha256(f"{upper.shape}|".encode() + upper.tobytes()).hexdigest()
    return np.random.default_rng(stream_seed(seed, f"corruption|{name}|{known}"))
