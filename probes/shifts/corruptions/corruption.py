"""A corruption: what happens to an image on its way to a model, in five measured steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Value = float | tuple[float, ...]
Apply = Callable[[Floats, Value, np.random.Generator], Floats]
Five = tuple[Value, Value, Value, Value, Value]

MEDMNIST_C = "MedMNIST-C (Di Salvo et al. 2024, arXiv 2406.17536)"


@dataclass(frozen=True)
class Corruption:
    """One way in which an image goes wrong.

    `modalities` are words of `audit.data.vocabulary`, () for all. `unit` says what the five values of `severities`
    measure; they are keyed by modality, "*" for any that is not named. `preserves_meaning` is False where a true answer
    about the clean image may be wrong about the corrupted one: such an entry is a sanity check, never a test of
    robustness. `colour` entries need an RGB image. `apply(x, value, rng)` maps float32 values in [0, 1] of shape
    (height, width) or (height, width, 3) to the same shape; it never writes to `x`, and what leaves [0, 1] is clipped
    by the caller.
    """

    name: str
    title: str
    meaning: str
    modalities: tuple[str, ...]
    unit: str
    severities: Mapping[str, Five]
    preserves_meaning: bool
    source: str
    apply: Apply
    colour: bool = False

    def value(self, severity: int, modality: str) -> Value:
        """The value of a severity from 1 to 5. A modality may name a variant after a colon ("X-ray:pneumonia"), which
        falls back to the modality. Raises `KeyError` where the corruption does not occur in the modality."""
        for key in (modality, modality.partition(":")[0], "*"):
            if key in self.severities:
                return self.severities[key][severity - 1]
        raise KeyError(modality)

    def occurs_in(self, modality: str) -> bool:
        """Whether images of this modality meet the corruption."""
        return not self.modalities or modality.partition(":")[0] in self.modalities


def number(value: Value) -> float:
    """The value of a corruption that is measured by one number."""
    if isinstance(value, tuple):
        raise TypeError(f"expected one number but got {value}")
    return float(value)


def numbers(value: Value) -> tuple[float, ...]:
    """The value of a corruption that is measured by several numbers."""
    return value if isinstance(value, tuple) else (value,)


def scale_of(x: Floats) -> float:
    """How many pixels of this image make one pixel at 224 px of the shorter side, where the published values hold."""
    height, width = x.shape[:2]
    return float(min(height, width) / 224)


def steps(first: float, last: float) -> Five:
    """Five equal steps from `first` to `last`."""
    a, b, c, d, e = (round(first + (last - first) * i / 4, 6) for i in range(5))
    return (a, b, c, d, e)
