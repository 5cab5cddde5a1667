"""Panels: a grid picture taken apart into its n x n parts."""

from __future__ import annotations

from audit.core.image import Image

PANEL_SIDE = 336


def panels(image: Image, n: int) -> tuple[Image, ...]:
    """The n x n panels of a grid picture, row by row. Raises `ValueError` where its sides are no multiples of n."""
    pixels = image.pixels
    height, width = pixels.shape[0] // n, pixels.shape[1] // n
    if n < 1 or (height * n, width * n) != pixels.shape[:2] or min(height, width) < 1:
        raise ValueError(f"a picture of {pixels.shape[1]} x {pixels.shape[0]} pixels is no grid of {n} x {n}")
    return tuple(
        Image.of(pixels[row * height : (row + 1) * height, column * width : (column + 1) * width])
        for row in range(n)
        for column in range(n)
    )


def repeated(hashes: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Pairs (first, later), from 1, of panels whose hashes are equal."""
    return tuple((hashes.index(each) + 1, place + 1) for place, each in enumerate(hashes) if hashes.index(each) < place)
