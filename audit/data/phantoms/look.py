"""How site and vendor change the look: exposure, contrast, noise, sharpness, markers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audit.data.phantoms.geometry import Floats, grid, inside, mix
from audit.data.phantoms.sketch import Box
from audit.data.phantoms.texture import blur, white

MARKERS = {"north": "plain", "south": "boxed", "east": "plate", "west": "ringed"}


@dataclass(frozen=True)
class Look:
    """A vendor's image: grey = offset + contrast * value ** gamma, blurred by `blur` pixels per 128, plus noise.

    With `large` below 1 and `detail` above 1 wider than `SCALE` pixels per 128 lose contrast and
    narrower ones gain it,
    as multi-scale processing of radiographs does: value = 0.45 + large * (low - 0.45) + detail * (value - low).
    """

    gamma: float
    contrast: float
    offset: float
    noise: float
    blur: float
    large: float = 1.0
    detail: float = 1.0


SCALE = 8.0
VENDOR_LOOKS = {
    "Aurora": Look(1.0, 1.0, 0.0, 0.010, 0.0),
    "Boreal": Look(0.8, 1.0, 0.0, 0.022, 0.35),
    "Corvid": Look(1.15, 0.58, 0.2, 0.012, 0.6),
}
RADIOGRAPH_LOOKS = {**VENDOR_LOOKS, "Corvid": Look(1.0, 1.0, 0.0, 0.012, 0.3, large=0.3, detail=2.2)}
SITE_EXPOSURE = {"north": 1.0, "south": 0.88, "east": 1.08, "west": 0.96}
SITE_NOISE = {"north": 1.0, "south": 1.6, "east": 0.8, "west": 1.3}


def apply_look(pixels: Floats, site: str, vendor: str, rng: np.random.Generator, modality: str) -> Floats:
    """`pixels` (values in [0, 1], grey or RGB) as that vendor's machine at that site shows them."""
    looks = RADIOGRAPH_LOOKS if modality == "X-ray" else VENDOR_LOOKS
    look, size = looks[vendor], pixels.shape[0]
    value = np.clip(blur(pixels, look.blur * size / 128) * SITE_EXPOSURE[site], 0, 1) ** look.gamma
    if (look.large, look.detail) != (1.0, 1.0):
        low = blur(value, SCALE * size / 128)
        value = np.clip(0.45 + look.large * (low - 0.45) + look.detail * (value - low), 0, 1)
    grain = white(rng, size) * (look.noise * SITE_NOISE[site])
    grain = grain[:, :, None] if pixels.ndim == 3 else grain
    shown: Floats = np.clip(look.offset + look.contrast * value + grain, 0, 1).astype(np.float32)
    return shown


_MARKER = 0.17  # height of a side marker's letter, canvas units
_GLYPHS = {
    "R": ("11110", "10001", "10001", "11110", "10100", "10010", "10001"),
    "L": ("10000", "10000", "10000", "10000", "10000", "10000", "11111"),
    "A": ("01110", "10001", "10001", "11111", "10001", "10001", "10001"),
    "P": ("11110", "10001", "10001", "11110", "10000", "10000", "10000"),
}


def lettering(pixels: Floats, text: str, left: float, top: float, height: float, value: float = 1.0) -> Floats:
    """`pixels` with `text` (letters R, L, A, P), its upper left corner at (left, top), `height` canvas units high."""
    x, y = grid(pixels.shape[0])
    rows = [" ".join(_GLYPHS[letter][row] for letter in text).replace(" ", "0") for row in range(7)]
    bitmap = np.array([[int(bit) for bit in row] for row in rows], np.float32)
    cell = height / 7
    column, row = np.floor((x - left) / cell).astype(int), np.floor((y - top) / cell).astype(int)
    hit = (column >= 0) & (row >= 0) & (row < 7) & (column < bitmap.shape[1])
    ink = np.where(hit, bitmap[np.clip(row, 0, 6), np.clip(column, 0, bitmap.shape[1] - 1)], 0)
    return mix(pixels, value, ink)


def lettering_box(text: str, left: float, top: float, height: float) -> Box:
    """Where `lettering` puts its ink."""
    return Box(text, left, top, left + (6 * len(text) - 1) * height / 7, top + height)


def marker_box(letter: str, style: str, left: float, top: float) -> Box:
    """Where `side_marker` puts its ink, cut at the border of the canvas."""
    if style == "plain":
        return lettering_box(letter, left, top, _MARKER)
    cx, cy = left + _MARKER * 5 / 14, top + _MARKER / 2
    return Box.round(letter, (cx, cy), 0.13 if style == "plate" else 0.153)


def side_marker(pixels: Floats, letter: str, style: str, left: float, top: float) -> Floats:
    """`pixels` with a lead marker of a side; `style`: plain, boxed, ringed, or plate (dark on a bright plate)."""
    x, y = grid(pixels.shape[0])
    height = _MARKER
    cx, cy = left + height * 5 / 14, top + height / 2
    square = np.maximum(np.abs(x - cx), np.abs(y - cy))
    ring = np.hypot(x - cx, y - cy)
    if style == "plate":
        return lettering(np.maximum(pixels, inside(0.13 - square, 0.02)), letter, left, top, height, 0.05)
    frame = {"plain": None, "boxed": square, "ringed": ring}[style]
    if frame is not None:
        pixels = np.maximum(pixels, inside(0.018 - np.abs(frame - 0.135), 0.02))
    return lettering(pixels, letter, left, top, height)
