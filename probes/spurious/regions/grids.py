"""Regions that tile an image: quadrants and grids of several scales."""

from __future__ import annotations

from collections.abc import Sequence

from audit.core.reading import Box

SCALES = ((2, 2), (3, 3), (4, 4))
LEAST = 4  # pixels: a narrower cell shows nothing


def quadrants(width: int, height: int) -> tuple[Box, ...]:
    """The four quarters: upper left, upper right, lower left, lower right (RaVL, section 4: one feature in each)."""
    return cells(width, height, 2, 2)


def grid(width: int, height: int, scales: Sequence[tuple[int, int]] = SCALES, overlap: float = 0.0) -> tuple[Box, ...]:
    """The cells of each scale (rows, columns), the coarse scales as given first; a scale whose cells would be narrower
    than 4 pixels is left out. Raises `ValueError` as `cells` does."""
    return tuple(
        box
        for rows, columns in scales
        if height >= LEAST * rows and width >= LEAST * columns
        for box in cells(width, height, rows, columns, overlap)
    )


def cells(width: int, height: int, rows: int, columns: int, overlap: float = 0.0) -> tuple[Box, ...]:
    """rows x columns boxes, row by row, that cover the image; without `overlap` they tile it and their sides differ by
    at most one pixel. `overlap` in [0, 1): the share of its side that a cell has in common with the next one.
    Raises `ValueError` for another overlap or less than one row or column."""
    if rows < 1 or columns < 1 or not 0 <= overlap < 1:
        raise ValueError(f"Expected rows and columns >= 1 and 0 <= overlap < 1 but got {rows}, {columns}, {overlap}.")
    return tuple(
        (left, top, right, bottom)
        for top, bottom in _spans(height, rows, overlap)
        for left, right in _spans(width, columns, overlap)
    )


def _spans(length: int, count: int, overlap: float) -> list[tuple[int, int]]:
    """`count` equal spans from 0 to `length`, each shares `overlap` of itself with the next."""
    if count == 1:
        return [(0, length)]
    span = length / (count - (count - 1) * overlap)
    starts = [step * span * (1 - overlap) for step in range(count)]
    return [(round(start), min(round(start + span), length)) for start in starts]
