"""Several tests at once: adjusted p-values and the level of simultaneous intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """p-values adjusted so that the chance of any false rejection is bounded (Holm 1979), in the order given.

    None and NaN (nothing was tested) stay as they are and do not count. Raises `ValueError` outside [0, 1].
    """
    tested, values = _tested(ps)
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    return _back(ps, tested, order, stepped)


def benjamini_hochberg(ps: Sequence[float | None]) -> list[float | None]:
    """p-values adjusted so that the expected share of false rejections is bounded (Benjamini and Hochberg 1995).

    Holds for independent or positively dependent tests. None and NaN stay as they are and do not count. Raises
    `ValueError` outside [0, 1].
    """
    tested, values = _tested(ps)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    return _back(ps, tested, order, np.minimum.accumulate(scaled[::-1])[::-1])


def simultaneous_level(alpha: float, m: int) -> float:
    """The level of each of `m` two-sided intervals that together miss with chance at most `alpha` (Bonferroni)."""
    if not 0 < alpha < 1 or m < 1:
        raise ValueError(f"Expected alpha in (0, 1) and m >= 1 but got {alpha!r} and {m!r}.")
    return 1 - alpha / m


def _tested(ps: Sequence[float | None]) -> tuple[list[int], NDArray[np.float64]]:
    tested = [i for i, p in enumerate(ps) if p is not None and not math.isnan(p)]
    values = np.array([ps[i] for i in tested], dtype=np.float64)
    if len(values) and (values.min() < 0 or values.max() > 1):
        raise ValueError("Expected p-values in [0, 1].")
    return tested, values


def _back(
    ps: Sequence[float | None], tested: list[int], order: NDArray[np.intp], stepped: NDArray[np.float64]
) -> list[float | None]:
    adjusted = list(ps)
    for place, p in zip(order, stepped, strict=True):
        adjusted[tested[place]] = min(1.0, float(p))
    return adjusted
