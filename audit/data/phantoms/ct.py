"""CT slices of head, chest and abdomen, in Hounsfield units, shown through the usual windows."""

from __future__ import annotations

import numpy as np

from audit.data.phantoms.case import Case
from audit.data.phantoms.geometry import Floats, Point, band, blob, grid, inside, mix, oval, radius, ripples
from audit.data.phantoms.sketch import Box, Sketch
from audit.data.phantoms.texture import clouds
from audit.data.phantoms.tomography import scan_noise, window


def sketch_head(case: Case) -> Sketch:
    """Axial head CT at the level of the lateral ventricles, brain window (40, 80)."""
    body, image = case.body(), case.image()
    rx, ry = float(body.uniform(0.66, 0.74)), float(body.uniform(0.82, 0.88))
    horn = float(body.uniform(0.8, 1.1)) * (1 + 0.006 * (case.age - 18))
    tilt = float(image.normal(0, 0.05))
    side = 1.0 if case.side == "left" else -1.0
    at = (side * float(image.uniform(0.28, 0.4)), float(image.uniform(-0.35, 0.35)))
    reach, waves = 0.1 + 0.14 * case.severity, ripples(image, 0.1)
    crescent = bool(image.random() < 0.4)
    thick = 0.07 + 0.12 * case.severity

    def draw(size: int, rng: np.random.Generator) -> Floats:
        x0, y0 = grid(size)
        x, y = x0 + tilt * y0, y0 - tilt * x0
        hu = _skull(x, y, rx, ry, horn, rng)
        brain = oval(x, y, (0, 0), rx - 0.1, ry - 0.1, edge=0.03)
        if case.finding == "haemorrhage" and crescent:
            inner = oval(x, y, (-side * thick * 1.3, 0), rx - 0.1, ry - 0.06, edge=0.04)
            hu = mix(hu, 74.0, brain * (1 - inner) * inside(side * x - 0.05, 0.1))
        elif case.finding == "haemorrhage":
            hu = mix(hu, 22.0, blob(x, y, at, reach * 1.3, reach * 1.3, waves) * brain)
            hu = mix(hu, 74.0, blob(x, y, at, reach, reach, waves) * brain)
        elif case.finding == "mass":
            hu = mix(hu, 17.0, blob(x, y, at, reach * 1.7, reach * 1.6, waves, 0.08) * brain)
            hu = mix(hu, 62.0, blob(x, y, at, reach, reach, waves) * brain)
            hu = mix(hu, 26.0, blob(x, y, at, reach * 0.6, reach * 0.6, waves) * brain)
        return window(hu + scan_noise(hu, 240.0, 4e6, rng), 40, 80)

    far = rx - 0.1
    if case.finding == "haemorrhage" and crescent:
        low, high = sorted((side * (far - thick * 1.5), side * far))
        return Sketch(draw, (Box("haemorrhage", low, -0.6, high, 0.6),), {"haemorrhage_thickness": thick * 1.3})
    boxes = () if case.normal else (Box.round(case.finding, at, reach),)
    return Sketch(draw, boxes, {} if case.normal else {f"{case.finding}_diameter": 2 * reach})


def _skull(x: Floats, y: Floats, rx: float, ry: float, horn: float, rng: np.random.Generator) -> Floats:
    size = x.shape[0]
    hu = np.full(x.shape, -1000.0, np.float32)
    hu = mix(hu, 20.0, oval(x, y, (0, 0), rx + 0.05, ry + 0.05))
    hu = mix(hu, 1100.0, oval(x, y, (0, 0), rx, ry))
    brain = oval(x, y, (0, 0), rx - 0.09, ry - 0.09, edge=0.03)
    depth = 1 - radius(x, y, (0, 0), rx - 0.09, ry - 0.09)
    folds = clouds(rng, size, 0.13)
    tissue = 33 + 6 * inside(0.14 - depth, 0.1) + 2.5 * clouds(rng, size, 0.3)
    tissue = mix(tissue, 8.0, 0.75 * inside(0.22 - depth, 0.1) * inside(0.16 - np.abs(folds), 0.16))
    hu = mix(hu, tissue, brain)
    hu = mix(hu, 52.0, inside(0.012 - np.abs(x), 0.016) * inside(depth - 0.02, 0.02) * inside(np.abs(y) - 0.36, 0.06))
    for side in (-1.0, 1.0):
        front = [(side * 0.045, -0.13), (side * 0.08 * horn, -0.22), (side * 0.15 * horn, -0.33)]
        back = [(side * 0.19 * horn, 0.2), (side * 0.25 * horn, 0.36)]
        hu = mix(hu, 6.0, band(x, y, front, 0.1 * horn, 0.04) * brain)
        hu = mix(hu, 6.0, band(x, y, back, 0.09 * horn, 0.04) * brain)
        hu = mix(hu, 40.0, 0.8 * oval(x, y, (side * 0.17, -0.03), 0.08, 0.12, side * 0.4))
        hu = mix(hu, 120.0, oval(x, y, (side * 0.22, 0.26), 0.025, 0.025, edge=0.03))
    return mix(hu, 6.0, band(x, y, [(0, -0.05), (0, 0.1)], 0.03 * horn, 0.02) * brain)


def sketch_chest_ct(case: Case) -> Sketch:
    """Axial chest CT at the level of the heart, wide window (-200, 1400), so that lungs and chest wall both show."""
    body, image = case.body(), case.image()
    rx, ry = float(body.uniform(0.86, 0.93)), float(body.uniform(0.6, 0.68))
    side = 1.0 if case.side == "left" else -1.0
    at = (side * float(image.uniform(0.45, 0.6)), float(image.uniform(-0.2, 0.2)))
    reach, level = 0.05 + 0.07 * case.severity, 0.36 - 0.3 * case.severity

    def draw(size: int, rng: np.random.Generator) -> Floats:
        x, y = grid(size)
        hu, lungs = _trunk(x, y, rx, ry, rng)
        if case.finding == "nodule":
            hu = mix(hu, 40.0, oval(x, y, at, reach, reach, edge=0.025) * lungs)
        if case.finding == "effusion":
            hu = mix(hu, 12.0, inside(y - level - 0.06 * x**2, 0.03) * lungs * inside(side * x, 0.1))
        return window(hu + scan_noise(hu, 400.0, 2e6, rng), -200, 1400)

    near, far = sorted((side * 0.12, side * (rx - 0.12)))
    boxes = {"nodule": Box.round("nodule", at, reach), "effusion": Box("effusion", near, level, far, ry - 0.12)}
    found = () if case.normal else (boxes[case.finding],)
    return Sketch(draw, found, {"nodule_diameter": 2 * reach} if case.finding == "nodule" else {})


def _trunk(x: Floats, y: Floats, rx: float, ry: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    size = x.shape[0]
    hu = np.full(x.shape, -1000.0, np.float32)
    hu = mix(hu, -90.0, oval(x, y, (0, 0), rx, ry))
    hu = mix(hu, 50.0, oval(x, y, (0, 0), rx - 0.06, ry - 0.05))
    lungs = np.zeros_like(hu)
    for side in (-1.0, 1.0):
        lobe = oval(x, y, (side * 0.43, -0.02), rx - 0.56, ry - 0.13, side * -0.15)
        lungs = np.maximum(lungs, lobe * (1 - oval(x, y, (0.1, -0.12), 0.3, 0.26)))
    hu = mix(hu, -860 + 25 * clouds(rng, size, 0.3), lungs)
    hu = mix(hu, 20.0, lungs * inside(clouds(rng, size, 0.05) - 2.1, 0.25))
    hu = mix(hu, 110.0, oval(x, y, (0.09, -0.14), 0.25, 0.2, 0.4))
    hu = mix(hu, 180.0, oval(x, y, (0.13, 0.2), 0.06, 0.06))
    hu = mix(hu, 350.0, oval(x, y, (0, 0.34), 0.1, 0.09))
    hu = mix(hu, 300.0, band(x, y, [(0, 0.42), (0, ry - 0.07)], 0.05))
    hu = mix(hu, 15.0, oval(x, y, (0, 0.43), 0.035, 0.03, edge=0.02))
    turn = np.arctan2(y / ry, x / rx) * 7 / np.pi
    rib = inside(0.2 - np.abs(turn - np.floor(turn) - 0.5), 0.12)
    shell = inside(0.035 - np.abs(radius(x, y, (0, 0), rx - 0.1, ry - 0.09) - 1) * 0.6, 0.03)
    hu = mix(hu, 420.0, rib * shell)
    hu = mix(hu, 300.0, oval(x, y, (0, -ry + 0.1), 0.1, 0.03))
    return hu, lungs


def sketch_abdomen(case: Case) -> Sketch:
    """Axial abdominal CT in the portal phase, soft-tissue window (50, 400); the liver lies at the image's left."""
    body, image = case.body(), case.image()
    rx, ry = float(body.uniform(0.84, 0.93)), float(body.uniform(0.6, 0.7))
    fat, waves = float(body.uniform(0.05, 0.12)), ripples(body, 0.08)
    count = 1 + int(image.integers(0, 3)) if case.finding == "lesion" else 0
    reach = 0.05 + 0.05 * case.severity
    slots = image.permutation(len(_LIVER_SLOTS))[:count]
    spots = [_LIVER_SLOTS[slot] for slot in slots]
    side = 1.0 if case.side == "left" else -1.0
    tumour, size_of_mass = (side * 0.38, 0.3), 0.09 + 0.09 * case.severity

    def draw(size: int, rng: np.random.Generator) -> Floats:
        x, y = grid(size)
        hu = _belly(x, y, rx, ry, fat, waves, rng)
        for at in spots:
            hu = mix(hu, 22.0, oval(x, y, at, reach, reach, edge=0.03))
        if case.finding == "mass":
            hu = mix(hu, 75 + 30 * clouds(rng, size, 0.12), oval(x, y, tumour, size_of_mass, size_of_mass, edge=0.03))
        return window(hu + scan_noise(hu, 400.0, 5e6, rng), 50, 400)

    if case.finding == "mass":
        return Sketch(draw, (Box.round("mass", tumour, size_of_mass),), {"mass_diameter": 2 * size_of_mass})
    boxes = tuple(Box.round("lesion", at, reach) for at in spots)
    return Sketch(draw, boxes, {"lesion_diameter": 2 * reach} if count else {}, counts={"lesions": count})


_LIVER_SLOTS: tuple[Point, ...] = ((-0.6, -0.12), (-0.32, -0.28), (-0.58, 0.14), (-0.36, 0.0))


def _belly(
    x: Floats, y: Floats, rx: float, ry: float, fat: float, waves: tuple[Point, ...], rng: np.random.Generator
) -> Floats:
    size = x.shape[0]
    hu = np.full(x.shape, -1000.0, np.float32)
    hu = mix(hu, -105.0, oval(x, y, (0, 0), rx, ry))
    hu = mix(hu, 55.0, oval(x, y, (0, 0), rx - fat, ry - fat))
    cavity = oval(x, y, (0, -0.03), rx - fat - 0.06, ry - fat - 0.07)
    hu = mix(hu, -95.0, cavity)
    bowel = inside(clouds(rng, size, 0.22) - 0.35, 0.25) * inside(y + 0.3, 0.1) * inside(0.45 - np.abs(x - 0.1), 0.1)
    hu = mix(hu, 35.0, bowel * cavity * inside(0.2 - y, 0.1))
    hu = mix(hu, 112 + 5 * clouds(rng, size, 0.1), blob(x, y, (-0.42, -0.08), 0.4, 0.42, waves) * cavity)
    hu = mix(hu, 118.0, oval(x, y, (0.62, 0.05), 0.15, 0.26, 0.25) * cavity)
    stomach = oval(x, y, (0.34, -0.26), 0.24, 0.18, -0.4) * cavity
    hu = mix(hu, 30.0, stomach)
    hu = mix(hu, -900.0, stomach * inside(-0.29 - y, 0.03) * oval(x, y, (0.34, -0.26), 0.21, 0.15, -0.4))
    for side in (-1.0, 1.0):
        hu = mix(hu, 190.0, oval(x, y, (side * 0.36, 0.3), 0.1, 0.13, side * 0.4))
        hu = mix(hu, -60.0, oval(x, y, (side * 0.31, 0.29), 0.035, 0.05, side * 0.4))
        hu = mix(hu, 58.0, oval(x, y, (side * 0.17, 0.4), 0.07, 0.09) * cavity)
    hu = mix(hu, 210.0, oval(x, y, (0.05, 0.15), 0.055, 0.055))
    hu = mix(hu, 150.0, oval(x, y, (-0.1, 0.15), 0.055, 0.045))
    hu = mix(hu, 380.0, oval(x, y, (0, 0.3), 0.115, 0.1))
    hu = mix(hu, 320.0, band(x, y, [(0, 0.4), (0, ry - fat - 0.03)], 0.05))
    hu = mix(hu, 320.0, band(x, y, [(-0.17, 0.44), (0, 0.42), (0.17, 0.44)], 0.04))
    return mix(hu, 20.0, oval(x, y, (0, 0.42), 0.04, 0.035, edge=0.02))
