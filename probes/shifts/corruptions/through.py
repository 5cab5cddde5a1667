"""Transforms of albumentations 2.0.8, its last release under the MIT licence, where they compute what we publish.

They work on float32 here. Its JPEG compression (red and blue change places), gamma on 8 bits (rounds down),
pixelation (rounds the size) and motion blur (a plain line) compute something else than the published corruptions, so
those are our own.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import numpy as np

from audit.core.errors import InputError
from probes.shifts.corruptions.corruption import Floats


def zoom_blurred(x: Floats, largest: float, step: float) -> Floats:
    """The mean of `x` and of centre-zoomed copies up to `largest`, exclusive, in steps of `step`."""
    return _run(_transform("ZoomBlur", max_factor=(largest, largest), step_factor=(step, step)), x)


def gaussian_blurred(x: Floats, kernel: int, sigma: float) -> Floats:
    """`x` convolved with a Gaussian of `sigma` pixels, cut to `kernel` (odd) pixels."""
    return _run(_transform("GaussianBlur", blur_limit=(kernel, kernel), sigma_limit=(sigma, sigma)), x)


def _run(transform: Any, x: Floats) -> Floats:
    result: Floats = transform(image=np.ascontiguousarray(x))["image"].astype(np.float32, copy=False)
    return result.reshape(x.shape)


@lru_cache(maxsize=64)
def _transform(name: str, **settings: object) -> Any:
    os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
    try:
        import albumentations
    except ImportError as error:
        raise InputError(
            f"Corruptions need albumentations: {error}", remedy="pip install 'medaudit[shifts]'"
        ) from error
    return getattr(albumentations, name)(p=1.0, **settings)
