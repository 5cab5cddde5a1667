"""Colon mucosa in haematoxylin and eosin: glands with a ring of countable nuclei, drawn in optical density."""

from __future__ import annotations

import numpy as np

from audit.data.phantoms.case import Case
from audit.data.phantoms.geometry import Floats, Point, grid, inside
from audit.data.phantoms.sketch import Box, Sketch
from audit.data.phantoms.texture import clouds

# Optical density of the two stains in red, green, blue (Ruifrok and Johnston 2001).
_HAEMATOXYLIN = np.array([0.65, 0.70, 0.29], np.float32)
_EOSIN = np.array([0.07, 0.99, 0.11], np.float32)


def sketch_histology(case: Case) -> Sketch:
    """Glands on a staggered lattice; in a lesion they are crowded, irregular, with large dark stratified nuclei."""
    image = case.image()
    lesion = case.finding == "lesion"
    glands = _glands(image, 0.46 if lesion else 0.58)
    swell = float(image.uniform(0.25, 0.4)) if lesion else 0.06
    waves = [[(float(image.uniform(0, swell)), float(image.uniform(0, 6.28))) for _ in range(2)] for _ in glands]
    reach = 0.2 if not lesion else 0.21
    nuclei = _nuclei(image, glands, waves, reach, lesion)

    def draw(size: int, rng: np.random.Generator) -> Floats:
        x, y = grid(size)
        eosin = 0.34 + 0.09 * clouds(rng, size, 0.12) + 0.05 * clouds(rng, size, 0.05)
        blue = np.full(x.shape, 0.06, np.float32)
        for at, swing in zip(glands, waves, strict=True):
            ring = _ring(x, y, at, swing)
            cell = inside(reach + 0.05 - ring, 0.03)
            eosin = eosin * (1 - cell) + cell * (0.3 if lesion else 0.2)
            goblet = cell * inside(clouds(rng, size, 0.1) - 0.4, 0.4) * (0.2 if lesion else 0.85)
            lumen = inside((0.05 if lesion else 0.085) - ring, 0.03)
            eosin, blue = eosin * (1 - 0.75 * goblet) * (1 - lumen), blue * (1 - lumen) + 0.06 * goblet
        for (cx, cy), rx, ry, turn, dark in nuclei:
            blue = _stamp(blue, x, y, (cx, cy), rx, ry, turn, dark)
        density = blue[:, :, None] * _HAEMATOXYLIN + np.clip(eosin, 0, 2)[:, :, None] * _EOSIN
        return np.exp(-np.float32(1.15) * density).astype(np.float32)

    visible = int(sum(abs(at[0]) < 1 and abs(at[1]) < 1 for at, *_ in nuclei))
    boxes = (Box("lesion", -1, -1, 1, 1),) if lesion else ()
    seen = int(sum(abs(at[0]) < 1 and abs(at[1]) < 1 for at in glands))
    return Sketch(draw, boxes, {"gland_diameter": 2 * reach}, counts={"nuclei": visible, "glands": seen})


Nucleus = tuple[Point, float, float, float, float]


def _glands(rng: np.random.Generator, pitch: float) -> list[Point]:
    shift = rng.uniform(0, pitch, 2)
    places = []
    for row in range(int(2.4 / (pitch * 0.87)) + 2):
        for column in range(int(2.4 / pitch) + 2):
            jitter = rng.normal(0, 0.05 * pitch, 2)
            at_x = -1.4 + shift[0] + pitch * (column + 0.5 * (row % 2)) + jitter[0]
            places.append((float(at_x), float(-1.4 + shift[1] + 0.87 * pitch * row + jitter[1])))
    return places


def _ring(x: Floats, y: Floats, at: Point, swing: list[Point]) -> Floats:
    dx, dy = x - np.float32(at[0]), y - np.float32(at[1])
    turn = np.arctan2(dy, dx)
    factor = 1 + sum(a * np.cos(k * turn + p) for k, (a, p) in enumerate(swing, start=2))
    distance: Floats = (np.hypot(dx, dy) / factor).astype(np.float32)
    return distance


def _nuclei(
    rng: np.random.Generator, glands: list[Point], waves: list[list[Point]], reach: float, lesion: bool
) -> list[Nucleus]:
    around = 18 if lesion else 13
    found: list[Nucleus] = []
    for at, swing in zip(glands, waves, strict=True):
        for step in range(around):
            turn = 2 * np.pi * (step + float(rng.uniform(-0.2, 0.2))) / around
            factor = 1 + sum(a * np.cos(k * turn + p) for k, (a, p) in enumerate(swing, start=2))
            away = (reach + 0.015 - (0.07 * float(rng.random()) if lesion else 0.0)) * factor
            place = (at[0] + away * float(np.cos(turn)), at[1] + away * float(np.sin(turn)))
            long, short = (0.05, 0.03) if lesion else (0.03, 0.022)
            found.append((place, long, short, turn + (0.0 if lesion else np.pi / 2), 1.5 if lesion else 1.15))
    for _ in range(55):
        place = (float(rng.uniform(-1, 1)), float(rng.uniform(-1, 1)))
        if all(np.hypot(place[0] - g[0], place[1] - g[1]) > reach + 0.06 for g in glands):
            found.append((place, 0.026, 0.018, float(rng.uniform(0, np.pi)), 1.1))
    return found


def _stamp(blue: Floats, x: Floats, y: Floats, at: Point, rx: float, ry: float, turn: float, dark: float) -> Floats:
    size = blue.shape[0]
    reach = int(np.ceil((rx + 0.03) * size / 2)) + 1
    row, column = int((at[1] + 1) * size / 2), int((at[0] + 1) * size / 2)
    rows, columns = (
        slice(max(row - reach, 0), max(row + reach, 0)),
        slice(max(column - reach, 0), max(column + reach, 0)),
    )
    dx, dy = x[rows, columns] - at[0], y[rows, columns] - at[1]
    c, s = float(np.cos(turn)), float(np.sin(turn))
    distance = 1 - np.hypot((c * dx + s * dy) / rx, (c * dy - s * dx) / ry)
    np.maximum(blue[rows, columns], dark * inside((distance * ry).astype(np.float32), 0.02), out=blue[rows, columns])
    return blue
