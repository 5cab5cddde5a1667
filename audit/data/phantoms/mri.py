"""Brain MRI, axial, T1, T2 or FLAIR: one anatomy, three contrasts, Rician noise, a bias field."""

from __future__ import annotations

import numpy as np

from audit.data.phantoms.case import Case
from audit.data.phantoms.geometry import Floats, Point, band, blob, grid, inside, mix, oval, radius, ripples
from audit.data.phantoms.sketch import Box, Sketch
from audit.data.phantoms.texture import clouds, rician

# Relative signal of scalp fat, bone, grey matter, white matter, fluid, and lesion in the three contrasts.
_SIGNAL = {
    "T1": {"fat": 0.95, "bone": 0.06, "grey": 0.46, "white": 0.68, "fluid": 0.12, "lesion": 0.34, "rim": 0.92},
    "T2": {"fat": 0.62, "bone": 0.05, "grey": 0.52, "white": 0.34, "fluid": 0.98, "lesion": 0.84, "rim": 0.58},
    "FLAIR": {"fat": 0.62, "bone": 0.05, "grey": 0.5, "white": 0.38, "fluid": 0.08, "lesion": 0.97, "rim": 0.7},
}
_LESION_SLOTS: tuple[Point, ...] = (
    (-0.3, -0.3), (0.3, -0.3), (-0.36, 0.05), (0.36, 0.05), (-0.3, 0.4), (0.3, 0.4), (-0.17, -0.52), (0.17, -0.52),
)  # fmt: skip


def sketch_brain(case: Case) -> Sketch:
    """An axial slice at the level of the lateral ventricles in the case's contrast (`case.sequence`)."""
    body, image = case.body(), case.image()
    rx, ry = float(body.uniform(0.68, 0.75)), float(body.uniform(0.84, 0.9))
    horn = float(body.uniform(0.8, 1.1)) * (1 + 0.006 * (case.age - 18))
    tilt = float(image.normal(0, 0.04))
    side = 1.0 if case.side == "left" else -1.0
    count = 1 + int(image.integers(0, 4)) if case.finding == "lesion" else 0
    slots = [_LESION_SLOTS[slot] for slot in image.permutation(len(_LESION_SLOTS))]
    spots = [at for at in slots if at[0] * side > 0][:count]
    reach = 0.045 + 0.035 * case.severity
    at, bulk = (side * float(image.uniform(0.3, 0.38)), float(image.uniform(-0.3, 0.35))), 0.11 + 0.11 * case.severity
    waves = ripples(image, 0.1)

    def draw(size: int, rng: np.random.Generator) -> Floats:
        signal = _SIGNAL[case.sequence]
        x0, y0 = grid(size)
        x, y = x0 + tilt * y0, y0 - tilt * x0
        value = _brain(x, y, rx, ry, horn, signal, case.body())
        for spot in spots:
            value = mix(value, signal["lesion"], oval(x, y, spot, reach, reach * 1.25, edge=0.03))
        if case.finding == "mass":
            value = mix(
                value,
                signal["lesion"],
                0.8 * blob(x, y, at, bulk * 1.6, bulk * 1.5, waves, 0.08) * _inner(x, y, rx, ry),
            )
            value = mix(value, signal["rim"], blob(x, y, at, bulk, bulk, waves))
            value = mix(value, signal["fluid"], blob(x, y, at, bulk * 0.6, bulk * 0.6, waves))
        bias = 1 + 0.08 * clouds(rng, size, 1.6)
        return np.clip(rician(rng, value * bias, 0.025), 0, 1)

    if case.finding == "mass":
        return Sketch(draw, (Box.round("mass", at, bulk),), {"mass_diameter": 2 * bulk})
    boxes = tuple(Box.round("lesion", spot, reach, reach * 1.25) for spot in spots)
    return Sketch(draw, boxes, {"lesion_diameter": 2 * reach} if spots else {}, counts={"lesions": len(spots)})


def _inner(x: Floats, y: Floats, rx: float, ry: float) -> Floats:
    return oval(x, y, (0, 0), rx - 0.14, ry - 0.14, edge=0.03)


def _brain(
    x: Floats, y: Floats, rx: float, ry: float, horn: float, signal: dict[str, float], rng: np.random.Generator
) -> Floats:
    size = x.shape[0]
    value = 0.02 + signal["fat"] * oval(x, y, (0, 0), rx + 0.07, ry + 0.06)
    value = mix(value, signal["bone"], oval(x, y, (0, 0), rx, ry))
    value = mix(value, signal["fluid"], oval(x, y, (0, 0), rx - 0.07, ry - 0.07, edge=0.03))
    depth = 1 - radius(x, y, (0, 0), rx - 0.09, ry - 0.09)
    folds, small = clouds(rng, size, 0.13), clouds(rng, size, 0.09)
    cortex = inside(depth - 0.015 - 0.03 * small, 0.04)
    value = mix(value, signal["grey"], cortex)
    value = mix(value, signal["white"], inside(depth - 0.15 - 0.07 * folds - 0.04 * small, 0.05))
    sulci = inside(0.24 - depth, 0.1) * inside(0.1 - np.abs(small), 0.16) * inside(depth, 0.02)
    value = mix(value, signal["fluid"], 0.85 * sulci)
    value = mix(
        value, signal["fluid"], inside(0.014 - np.abs(x), 0.02) * inside(depth, 0.02) * inside(np.abs(y) - 0.38, 0.05)
    )
    for side in (-1.0, 1.0):
        value = mix(value, signal["grey"], oval(x, y, (side * 0.19, -0.08), 0.08, 0.14, side * 0.4))
        value = mix(value, signal["grey"], oval(x, y, (side * 0.12, 0.08), 0.09, 0.11))
        front = [(side * 0.045, -0.13), (side * 0.08 * horn, -0.22), (side * 0.15 * horn, -0.33)]
        back = [(side * 0.19 * horn, 0.2), (side * 0.25 * horn, 0.36)]
        value = mix(value, signal["fluid"], band(x, y, front, 0.1 * horn, 0.03))
        value = mix(value, signal["fluid"], band(x, y, back, 0.085 * horn, 0.03))
    return mix(value, signal["fluid"], band(x, y, [(0, -0.05), (0, 0.1)], 0.03 * horn, 0.02))
