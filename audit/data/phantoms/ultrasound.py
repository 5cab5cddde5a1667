"""Abdominal ultrasound: liver and kidney in a curved-array fan, speckle made in beam coordinates."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import map_coordinates

from audit.data.phantoms.case import Case
from audit.data.phantoms.geometry import Floats, band, blob, grid, inside, mix, oval, ripples
from audit.data.phantoms.sketch import Box, Sketch
from audit.data.phantoms.texture import clouds, speckle

_APEX = -1.45
_NEAR, _FAR, _HALF_ANGLE = 0.6, 2.32, 0.62


def sketch_ultrasound(case: Case) -> Sketch:
    """Right upper quadrant: the kidney is long in the long-axis view and round in the short-axis one."""
    body, image = case.body(), case.image()
    long = case.view == "long axis"
    kidney = (float(image.uniform(0.1, 0.2)), float(image.uniform(0.18, 0.28)))
    axes = (0.44, 0.21) if long else (0.22, 0.2)
    turn = float(image.uniform(0.15, 0.35)) if long else 0.0
    waves = ripples(body, 0.03)
    at = (float(image.uniform(-0.35, 0.1)), float(image.uniform(-0.45, -0.25)))
    reach = 0.1 + 0.1 * case.severity
    gain = float(image.uniform(0.9, 1.1))

    def draw(size: int, rng: np.random.Generator) -> Floats:
        x, y = grid(size)
        echo = 0.36 + 0.04 * clouds(rng, size, 0.35)
        for vessel in range(4):
            spot = (-0.4 + 0.26 * vessel, -0.1 - 0.2 * (vessel % 2))
            echo = mix(echo, 0.06, oval(x, y, spot, 0.07, 0.03, 0.5 - 0.4 * vessel))
        echo = mix(echo, 0.98, band(x, y, [(-0.72, 0.25), (-0.45, 0.5), (-0.1, 0.64), (0.35, 0.66)], 0.07, 0.05))
        echo = mix(echo, 0.6, oval(x, y, kidney, axes[0] + 0.05, axes[1] + 0.05, turn))
        echo = mix(echo, 0.2, oval(x, y, kidney, *axes, turn))
        echo = mix(echo, 0.8, blob(x, y, kidney, axes[0] * 0.5, axes[1] * 0.42, waves, 0.06))
        if case.finding == "lesion":
            echo = mix(echo, 0.01, oval(x, y, at, reach, reach, edge=0.03))
            behind = inside(reach * 0.8 - np.abs(x - at[0] * (1 + 0.3 * (y - at[1]))), 0.08) * inside(
                y - at[1] - reach, 0.05
            )
            echo = echo * (1 + 0.7 * behind)
        if case.finding == "mass":
            echo = mix(echo, 0.85, blob(x, y, at, reach, reach * 0.9, waves, 0.03))
        return _fan(echo * gain, x, y, rng)

    boxes = [Box.round("kidney", kidney, *axes)]
    if not case.normal:
        boxes.insert(0, Box.round(case.finding, at, reach))
    sizes = {"kidney_length": 2 * axes[0]} | ({} if case.normal else {f"{case.finding}_diameter": 2 * reach})
    return Sketch(draw, tuple(boxes), sizes)


def _fan(echo: Floats, x: Floats, y: Floats, rng: np.random.Generator) -> Floats:
    size = x.shape[0]
    depth, turn = np.hypot(x, y - np.float32(_APEX)), np.arctan2(x, y - np.float32(_APEX))
    rows, beams = size, int(size * 0.75)
    grains = speckle(rng, (rows, beams), 0.55 * size / 128, 0.9 * size / 128)
    row = (depth - _NEAR) / (_FAR - _NEAR) * (rows - 1)
    beam = (turn / _HALF_ANGLE + 1) / 2 * (beams - 1)
    envelope = echo * map_coordinates(grains, [row, beam], order=1, mode="nearest")
    shown = np.log1p(18 * envelope) / np.log(19)
    shown = shown * (1 - 0.22 * np.clip((depth - _NEAR) / (_FAR - _NEAR), 0, 1) ** 2)
    near = inside(0.1 - (depth - _NEAR), 0.05)
    shown = np.maximum(shown, 0.75 * near * (0.6 + 0.4 * np.sin(depth * 90)))
    sector = inside(_HALF_ANGLE - np.abs(turn), 0.015) * inside(depth - _NEAR, 0.015) * inside(_FAR - depth, 0.015)
    image = np.clip(shown, 0, 1) * sector
    scale = (
        np.clip(-y * 1.2 / 1.6 + 0.3, 0, 1)
        * inside(0.02 - np.abs(x + 0.93), 0.01)
        * inside(0.5 - np.abs(y + 0.3), 0.01)
    )
    ticks = inside(0.012 - np.abs((y / 0.2 - np.floor(y / 0.2)) - 0.5) * 0.2, 0.012) * inside(
        0.025 - np.abs(x - 0.94), 0.01
    )
    result: Floats = np.maximum(image, np.maximum(scale, 0.8 * ticks)).astype(np.float32)
    return result
