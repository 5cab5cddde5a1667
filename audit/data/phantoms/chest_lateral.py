"""Chest radiographs, lateral: the patient faces the left border of the image."""

from __future__ import annotations

import numpy as np

from audit.data.phantoms.case import Case
from audit.data.phantoms.geometry import Floats, band, blob, grid, inside, mix, oval, ripples
from audit.data.phantoms.look import marker_box, side_marker
from audit.data.phantoms.sketch import Box, Sketch
from audit.data.phantoms.texture import clouds

_MARKER_AT = (0.76, -0.92)


def sketch_lateral(case: Case) -> Sketch:
    """A left lateral chest radiograph."""
    body, image = case.body(), case.image()
    depth = float(body.uniform(0.56, 0.64))
    heart = float(body.uniform(0.24, 0.28)) * (1.0 if case.finding != "cardiomegaly" else 1.4 + 0.35 * case.severity)
    dome = float(body.uniform(0.42, 0.5))
    waves = ripples(body, 0.04)
    spot = (float(image.uniform(-0.2, 0.3)), float(image.uniform(-0.45, 0.0)))
    reach = 0.06 + 0.07 * case.severity
    level = dome - 0.12 - 0.3 * case.severity
    device = bool(image.random() < 0.5)

    def draw(size: int, rng: np.random.Generator) -> Floats:
        x, y = grid(size)
        film, lungs = _trunk(x, y, rng, depth, dome)
        film = mix(film, 0.72, blob(x, y, (-0.22, dome - 0.22), heart, heart * 1.1, waves, 0.07) * lungs)
        film = mix(film, 0.62, 0.7 * oval(x, y, (-0.02, -0.25), 0.13, 0.13, edge=0.14) * lungs)
        if case.finding == "nodule":
            film = film + 0.32 * oval(x, y, spot, reach, reach, edge=0.035) * lungs
        if case.finding == "effusion":
            basin = oval(x, y, (0.02, -0.02), depth, 0.84, edge=0.05) * inside(dome + 0.4 - y, 0.06)
            film = mix(film, 0.78, inside(y - (level - 0.16 * np.clip((x - 0.2) / 0.4, 0, 1) ** 2), 0.06) * basin)
        if case.finding == "surgical hardware":
            film = _hardware(film, x, y, device)
        return side_marker(np.clip(film, 0, 1), "L", case.marker, *_MARKER_AT)

    at = (-0.22, dome - 0.22)
    found = {
        "nodule": Box.round("nodule", spot, reach),
        "effusion": Box("effusion", -depth + 0.1, level - 0.16, depth, dome + 0.3),
        "cardiomegaly": Box.round("cardiomegaly", at, heart, heart * 1.1),
        "surgical hardware": Box("surgical hardware", -0.72, -0.5, 0.56, 0.5),
    }
    sizes = {"thorax_depth": 2 * depth} | ({"nodule_diameter": 2 * reach} if case.finding == "nodule" else {})
    boxes = (found[case.finding],) if case.finding in found else ()
    marks = (marker_box("L", case.marker, *_MARKER_AT),)
    return Sketch(draw, (*boxes, Box.round("heart", at, heart, heart * 1.1)), sizes, marks=marks)


def _trunk(x: Floats, y: Floats, rng: np.random.Generator, depth: float, dome: float) -> tuple[Floats, Floats]:
    size = x.shape[0]
    outline = oval(x, y, (0.02, 0.1), depth + 0.16, 1.12, edge=0.08)
    arms = oval(x, y, (-0.3, -1.0), 0.34, 0.34, edge=0.1)
    film = (0.56 * outline + 0.3 * arms * (1 - outline)).astype(np.float32)
    film += 0.14 * oval(x, y, (0, 1.1), 0.8, 0.6, edge=0.3) * outline
    cavity = oval(x, y, (0.02, -0.02), depth, 0.84, edge=0.06)
    front = dome - 0.16 + 0.55 * (x + 0.05) ** 2 + 0.22 * np.clip(x, 0, 1)
    lungs = cavity * inside(front - y, 0.05)
    film = mix(film, 0.24 + 0.025 * clouds(rng, size, 0.25), lungs)
    second = inside(front - 0.07 - y, 0.05)
    film += 0.1 * lungs * (1 - second)
    slope = (y - 0.5 * x - 0.12 * np.cos(2.2 * x)) / 0.17
    gap = np.abs(slope - np.floor(slope) - 0.5)
    film += 0.08 * inside(0.2 - gap, 0.16) * cavity * inside(dome + 0.2 - y, 0.2)
    film += _spine(x, y, depth) * outline
    film = mix(film, 0.8, band(x, y, [(-depth + 0.06, -0.55), (-depth - 0.01, -0.1), (-depth + 0.04, 0.3)], 0.05))
    film -= 0.1 * band(x, y, [(0.02, -1.0), (0.0, -0.35)], 0.07, 0.05)
    film += 0.12 * band(x, y, [(0.32, -0.7), (0.5, -0.15)], 0.1, 0.05)
    return film, lungs


def _spine(x: Floats, y: Floats, depth: float) -> Floats:
    course = depth - 0.16 - 0.16 * (y + 0.1) ** 2
    column = inside(0.11 - np.abs(x - course), 0.04)
    phase = y / 0.19
    disc = inside(np.abs(phase - np.floor(phase) - 0.5) - 0.36, 0.1)
    result: Floats = column * (0.26 - 0.16 * disc) * inside(y + 0.85, 0.1)
    return result


def _hardware(film: Floats, x: Floats, y: Floats, device: bool) -> Floats:
    if device:
        lead = [(-0.5, -0.45), (-0.38, -0.58), (-0.2, -0.6), (-0.08, -0.5), (-0.04, -0.2), (-0.1, 0.1), (-0.3, 0.28)]
        film = mix(film, 0.95, band(x, y, lead, 0.022, 0.015))
        return mix(film, 1.0, oval(x, y, (-0.55, -0.4), 0.07, 0.13, edge=0.02))
    for row in range(5):
        at = (0.38 - 0.1 * (row * 0.2 - 0.4) ** 2, -0.42 + 0.2 * row)
        film = mix(film, 1.0, band(x, y, [(at[0] - 0.12, at[1]), (at[0] + 0.14, at[1] + 0.02)], 0.04, 0.015))
    rod = [(0.53 - 0.1 * (step * 0.2 - 0.4) ** 2, -0.42 + 0.2 * step) for step in range(5)]
    return mix(film, 1.0, band(x, y, rod, 0.03, 0.015))
