"""Fundus photographs: disc, cup, macula and the vessel arcades; the disc of a right eye lies at the image's right."""

from __future__ import annotations

import numpy as np

from audit.data.phantoms.case import Case
from audit.data.phantoms.geometry import Floats, Point, Reals, band, grid, inside, oval
from audit.data.phantoms.sketch import Box, Sketch
from audit.data.phantoms.texture import clouds

_MACULA_TO_DISC = 0.62


def sketch_fundus(case: Case) -> Sketch:
    """A colour photograph of the posterior pole, centred on the macula or on the disc."""
    body, image = case.body(), case.image()
    nasal = 1.0 if case.side == "right" else -1.0
    centred = case.view == "disc-centred"
    jitter = (float(image.normal(0, 0.03)), float(image.normal(0, 0.03)))
    disc = ((0.0 if centred else nasal * _MACULA_TO_DISC) + jitter[0], -0.03 + jitter[1])
    macula = (disc[0] - nasal * _MACULA_TO_DISC, disc[1] + 0.06)
    cup, pigment = float(body.uniform(0.35, 0.55)), float(body.uniform(0.8, 1.1))
    count = int(image.integers(3, 11)) if not case.normal else 0
    spots = _scatter(image, count, disc)
    reach = [float(r) for r in image.uniform(0.025, 0.045, count) * (1 + 0.8 * case.severity)]

    def draw(size: int, rng: np.random.Generator) -> Floats:
        x, y = grid(size)
        tone = 1 + 0.06 * clouds(rng, size, 0.5) + 0.03 * clouds(rng, size, 0.12)
        tone = tone * (1 - 0.28 * (x**2 + y**2))
        colour = np.stack([0.80 * tone, 0.40 * tone * pigment, 0.17 * tone], axis=-1)
        colour = _tint(colour, (0.52, 0.2, 0.09), 0.75 * np.exp(-((x - macula[0]) ** 2 + (y - macula[1]) ** 2) / 0.025))
        for points, width, vein in _vessels(case.body(), disc, nasal):
            colour = _tint(
                colour, (0.42, 0.09, 0.08) if vein else (0.6, 0.16, 0.1), 0.85 * band(x, y, points, width, 0.015)
            )
        colour = _tint(colour, (0.98, 0.8, 0.45), oval(x, y, disc, 0.14, 0.155, edge=0.03))
        colour = _tint(colour, (1.0, 0.94, 0.72), oval(x, y, disc, 0.14 * cup, 0.155 * cup, edge=0.05))
        ink = (0.99, 0.9, 0.4) if case.finding == "lesion" else (0.36, 0.03, 0.03)
        for at, radius in zip(spots, reach, strict=True):
            wide = radius if case.finding == "lesion" else radius * 1.5
            colour = _tint(colour, ink, oval(x, y, at, wide, radius, edge=0.02))
        return (colour * inside(0.95 - np.hypot(x, y), 0.03)[:, :, None]).astype(np.float32)

    boxes = [Box.round(case.finding, at, r * 1.5, r) for at, r in zip(spots, reach, strict=True)]
    boxes.append(Box.round("optic disc", disc, 0.14, 0.155))
    return Sketch(draw, tuple(boxes), {"disc_diameter": 0.28}, {"cup_to_disc_ratio": round(cup, 2)}, {"lesions": count})


def _tint(colour: Floats, ink: tuple[float, float, float], mask: Reals) -> Floats:
    return (colour + (np.array(ink, np.float32) - colour) * mask[:, :, None]).astype(np.float32)


def _scatter(rng: np.random.Generator, count: int, disc: Point) -> list[Point]:
    spots: list[Point] = []
    while len(spots) < count:
        turn, away = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(0.12, 0.72))
        at = (away * float(np.cos(turn)), away * float(np.sin(turn)))
        if all(np.hypot(at[0] - o[0], at[1] - o[1]) > 0.15 for o in (*spots, disc)):
            spots.append(at)
    return spots


def _vessels(rng: np.random.Generator, disc: Point, nasal: float) -> list[tuple[list[Point], float, bool]]:
    lines: list[tuple[list[Point], float, bool]] = []
    for up in (-1.0, 1.0):
        for vein in (False, True):
            swing = float(rng.uniform(0.42, 0.55)) + (0.07 if vein else 0)
            steps = np.linspace(0, 1, 9)
            across = disc[0] - nasal * (1.35 * steps**1.35)
            down = disc[1] + up * swing * np.sin(np.pi * np.minimum(steps * 1.05, 1) ** 0.75 * 0.82) * 1.05
            arc = [(float(a), float(b)) for a, b in zip(across, down, strict=True)]
            lines.append((arc, 0.035 if vein else 0.026, vein))
            for k in (3, 5):
                twig = (arc[k][0] - nasal * 0.3, arc[k][1] + up * (0.3 if vein else -0.22))
                lines.append(([arc[k], twig], 0.016, vein))
        other = [disc, (disc[0] + nasal * 0.3, disc[1] + up * 0.3), (disc[0] + nasal * 0.75, disc[1] + up * 0.5)]
        lines.append((other, 0.024, up > 0))
    return lines
