"""Chest radiographs, frontal (PA and AP): thickness of tissue along the ray, shown as a film shows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audit.data.phantoms.case import Case
from audit.data.phantoms.chest_lateral import sketch_lateral
from audit.data.phantoms.geometry import Floats, Point, band, blob, grid, inside, mix, oval, radius, ripples
from audit.data.phantoms.look import lettering, lettering_box, marker_box, side_marker
from audit.data.phantoms.sketch import Box, Sketch
from audit.data.phantoms.texture import clouds


@dataclass(frozen=True)
class Thorax:
    """The frontal geometry. x grows towards the patient's left; lengths in canvas units."""

    width: float
    dome: float
    heart: float
    heart_x: float
    heart_waves: tuple[Point, ...]
    clavicle: float
    scapula: float
    tilt: float
    rib_shift: float
    female: bool


def sketch_chest(case: Case) -> Sketch:
    """A chest radiograph in the case's view."""
    return sketch_lateral(case) if case.view == "lateral" else _frontal(case)


def _frontal(case: Case) -> Sketch:
    body, image = case.body(), case.image()
    portable = case.view == "AP"
    heart = float(body.uniform(0.25, 0.3)) * (1.12 if portable else 1.0)
    if case.finding == "cardiomegaly":
        heart = 0.4 + 0.12 * case.severity
    thorax = Thorax(
        width=float(body.uniform(0.78, 0.86)),
        dome=float(body.uniform(0.5, 0.58)) - (0.16 if portable else 0),
        heart=heart,
        heart_x=0.13 + 0.25 * (heart - 0.27),
        heart_waves=ripples(body, 0.04),
        clavicle=(-0.74 if portable else -0.62) + float(image.uniform(-0.03, 0.03)),
        scapula=float(image.uniform(0.7, 1.0)) if portable else 0.0,
        tilt=float(image.normal(0, 0.03)),
        rib_shift=float(body.uniform(0, 0.14)),
        female=case.sex == "F",
    )
    side = 1.0 if case.side == "left" else -1.0
    spot = (side * float(image.uniform(0.33, 0.58)), float(image.uniform(-0.42, 0.12 if portable else 0.25)))
    reach = 0.05 + 0.07 * case.severity
    level = thorax.dome - 0.08 - 0.42 * case.severity
    device = str(image.choice(("pacemaker", "wires", "rods")))
    letter = str(image.choice(("R", "L")))

    def draw(size: int, rng: np.random.Generator) -> Floats:
        x0, y = grid(size)
        x = (x0 + thorax.tilt * y).astype(np.float32)
        film, lungs = _thorax(thorax, x, y, rng)
        if case.finding == "nodule":
            film = film + 0.34 * oval(x, y, spot, reach, reach, edge=0.035) * (0.35 + 0.65 * lungs)
        if case.finding == "effusion":
            meniscus = level - 0.3 * np.clip((side * x - 0.25) / 0.5, 0, 1) ** 3
            film = mix(film, 0.78, inside(y - meniscus, 0.06) * lungs_area(thorax, x, y, side))
        if case.finding == "surgical hardware":
            film = _hardware(film, device, x, y)
        return _marks(film, case, letter)

    boxes, sizes = _truth(case, thorax, spot, reach, side, level, device)
    ratio = {"cardiothoracic_ratio": round(2 * thorax.heart / (2 * thorax.width * 0.95), 3)}
    return Sketch(draw, boxes, sizes, ratio, marks=_mark_boxes(case, letter))


def lungs_area(thorax: Thorax, x: Floats, y: Floats, side: float) -> Floats:
    """Soft mask of one pleural cavity, side -1 (image left) or 1, down into the costophrenic angle."""
    outer = inside((1 - radius(x, y, (side * 0.4, 0.0), thorax.width - 0.4, 0.86)) * 0.4, 0.05)
    return outer * inside(side * x - 0.1, 0.05) * inside(thorax.dome + 0.2 - y, 0.08)


def _dome(thorax: Thorax, x: Floats, side: float) -> Floats:
    centre = side * 0.4
    return thorax.dome - (0.03 if side < 0 else 0) - 0.16 + 0.3 * ((x - np.float32(centre)) / 0.42) ** 2


def _thorax(t: Thorax, x: Floats, y: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    size, away = x.shape[0], np.abs(x)
    torso = inside(0.97 - away + 0.35 * np.clip(-0.45 - y, 0, 1), 0.06)
    shoulder = inside(y + 0.98 - 0.75 * np.clip(away - 0.22, 0, 1) ** 1.4, 0.06)
    film = (0.6 * torso * shoulder).astype(np.float32)
    film += 0.1 * oval(x, y, (0, 1.15), 1.0, 0.75, edge=0.3) * torso
    lungs = np.zeros_like(film)
    for side in (-1.0, 1.0):
        lobe = inside((1 - radius(x, y, (side * 0.4, 0.02), t.width - 0.4, 0.82)) * 0.4, 0.05)
        lungs += lobe * inside(side * x - 0.1, 0.06) * inside(_dome(t, x, side) - y, 0.05)
    film = mix(film, 0.2 + 0.025 * clouds(rng, size, 0.25) + 0.06 * np.clip(y + 0.3, -1, 1), np.clip(lungs, 0, 1))
    film += _vessels(x, y, rng) * lungs
    cage = oval(x, y, (0, 0.0), t.width + 0.02, 0.95, edge=0.06) * inside(t.dome + 0.25 - y, 0.2)
    film += _ribs(t, away, y) * cage * (0.35 + 0.65 * lungs)
    film = _mediastinum(t, film, x, y)
    for side in (-1.0, 1.0):
        bone = [(side * 0.07, t.clavicle + 0.05), (side * 0.35, t.clavicle + 0.03), (side * 0.72, t.clavicle - 0.13)]
        film += 0.17 * band(x, y, bone, 0.06)
        film += 0.16 * oval(x, y, (side * 0.9, -0.66), 0.14, 0.16, edge=0.06)
        if t.scapula:
            blade = [(side * 0.62, -0.6), (side * 0.78, -0.5), (side * 0.66, 0.0)]
            film += 0.13 * t.scapula * band(x, y, blade, 0.13, edge=0.05)
        if t.female:
            film += 0.07 * oval(x, y, (side * 0.44, 0.32), 0.34, 0.32, edge=0.12)
    return film, np.clip(lungs, 0, 1)


def _vessels(x: Floats, y: Floats, rng: np.random.Generator) -> Floats:
    shade = np.zeros_like(x)
    for side in (-1.0, 1.0):
        hilum = (side * 0.17, -0.02)
        shade += 0.22 * oval(x, y, hilum, 0.1, 0.16, edge=0.12)
        for turn in (-1.15, -0.7, -0.2, 0.3, 0.75, 1.1):
            bend, length = turn + float(rng.normal(0, 0.12)), float(rng.uniform(0.3, 0.5))
            end = (hilum[0] + side * length * np.cos(bend), hilum[1] + length * np.sin(bend))
            middle = ((hilum[0] + end[0]) / 2, (hilum[1] + end[1]) / 2 + 0.03)
            shade += 0.09 * band(x, y, [hilum, middle, end], 0.02, edge=0.03)
    return shade


def _ribs(t: Thorax, away: Floats, y: Floats) -> Floats:
    spacing = 0.165
    posterior = (y - 0.32 * away**2 - 0.02 + t.rib_shift) / spacing
    anterior = (y + 0.55 * away - 0.9 * np.clip(away - 0.45, 0, 1) ** 2 + t.rib_shift) / (spacing * 1.25)
    shade = np.zeros_like(y)
    for phase, weight, width in ((posterior, 0.13, 0.19), (anterior, 0.07, 0.22)):
        gap = np.abs(phase - np.floor(phase) - 0.5)
        shade += weight * inside(width - gap, 0.16) * (0.75 + 0.5 * inside(gap - width * 0.5, 0.2))
    return shade * inside(away - 0.08, 0.06)


def _mediastinum(t: Thorax, film: Floats, x: Floats, y: Floats) -> Floats:
    film = mix(
        film, 0.68, inside(0.125 - np.abs(x - 0.01), 0.06) * inside(y + 0.8, 0.2) * inside(t.dome + 0.1 - y, 0.1)
    )
    film = mix(film, 0.7, oval(x, y, (0.11, -0.27), 0.1, 0.12, edge=0.05))
    floor = inside(t.dome + 0.06 - y, 0.06)
    film = mix(film, 0.75, blob(x, y, (t.heart_x, t.dome - 0.24), t.heart, 0.3, t.heart_waves, 0.06) * floor)
    discs = 0.5 + 0.5 * np.cos(y * 2 * np.pi / 0.16)
    film = film + (0.06 + 0.04 * discs) * inside(0.075 - np.abs(x), 0.03)
    film = film - 0.14 * inside(0.04 - np.abs(x), 0.03) * inside(-0.2 - y, 0.06)
    return mix(film, 0.42, 0.8 * oval(x, y, (0.42, t.dome + 0.2), 0.14, 0.08, edge=0.06))


def _hardware(film: Floats, device: str, x: Floats, y: Floats) -> Floats:
    if device == "pacemaker":
        lead = [(0.5, -0.42), (0.34, -0.62), (0.1, -0.55), (0.0, -0.1), (0.08, 0.22), (0.22, 0.3)]
        film = mix(film, 0.95, band(x, y, lead, 0.022, 0.015))
        return mix(film, 1.0, oval(x, y, (0.55, -0.4), 0.13, 0.11, edge=0.02))
    if device == "wires":
        for row in range(5):
            film = mix(
                film, 1.0, inside(0.012 - np.abs(radius(x, y, (0, -0.42 + 0.19 * row), 0.06, 0.045) - 1) * 0.05, 0.015)
            )
        return film
    for side in (-1.0, 1.0):
        film = mix(film, 1.0, band(x, y, [(side * 0.06, -0.45), (side * 0.075, 0.5)], 0.03, 0.015))
        for row in range(5):
            film = mix(film, 1.0, band(x, y, [(0, -0.4 + 0.2 * row), (side * 0.12, -0.42 + 0.2 * row)], 0.03, 0.015))
    return film


def _marks(film: Floats, case: Case, letter: str) -> Floats:
    side, view = _mark_places(letter)
    film = side_marker(np.clip(film, 0, 1), letter, case.marker, *side)
    return lettering(film, "AP", *view, _VIEW_HEIGHT) if case.view == "AP" else film


def _mark_boxes(case: Case, letter: str) -> tuple[Box, ...]:
    side, view = _mark_places(letter)
    of_view = (lettering_box("AP", *view, _VIEW_HEIGHT),) if case.view == "AP" else ()
    return (marker_box(letter, case.marker, *side), *of_view)


def _mark_places(letter: str) -> tuple[Point, Point]:
    """Upper left corners of the marker of the side and of the word for the view."""
    left = -0.93 if letter == "R" else 0.79
    return (left, -0.92), (left - (0 if letter == "R" else 0.1), -0.71)


def _truth(
    case: Case, t: Thorax, spot: Point, reach: float, side: float, level: float, device: str
) -> tuple[tuple[Box, ...], dict[str, float]]:
    sizes = {"heart_width": 2 * t.heart, "thorax_width": 2 * t.width * 0.95}
    heart = Box.round("heart", (t.heart_x, t.dome - 0.24), t.heart, 0.3)
    if case.finding == "nodule":
        return (Box.round("nodule", spot, reach), heart), {**sizes, "nodule_diameter": 2 * reach}
    if case.finding == "effusion":
        near, far = sorted((side * 0.1, side * t.width))
        box = Box("effusion", near, level - 0.3, far, t.dome + 0.2)
        return (box, heart), {**sizes, "effusion_height": t.dome + 0.2 - level}
    if case.finding == "cardiomegaly":
        return (Box("cardiomegaly", heart.x0, heart.y0, heart.x1, heart.y1), heart), sizes
    if case.finding == "surgical hardware":
        return (Box("surgical hardware", *_DEVICE_BOXES[device]), heart), sizes
    return (heart,), sizes


_VIEW_HEIGHT = 0.14
_DEVICE_BOXES = {
    "pacemaker": (-0.02, -0.64, 0.68, 0.32),
    "wires": (-0.07, -0.48, 0.07, 0.4),
    "rods": (-0.14, -0.47, 0.14, 0.52),
}
