"""What is written or laid over an image, and the mirror as a check of sanity."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from probes.shifts.corruptions.corruption import MEDMNIST_C, Corruption, Floats, Value, number, numbers

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SETTINGS = ("Gen 5.0 MHz", "DR 60 dB", "Gn 58", "MI 1.1", "TIS 0.4", "16 cm", "22 fps", "Map E/2", "Pers 3", "P 90 %")


def black_corner(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Black outside a circle about the centre, whose radius is a factor times half the shorter side."""
    del rng
    height, width = x.shape[:2]
    down, across = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None, :]
    radius = np.hypot(down - (height - 1) / 2, across - (width - 1) / 2)
    seen = np.clip(number(value) * min(height, width) / 2 - radius + 0.5, 0, 1).astype(np.float32)
    result: Floats = x * (seen if x.ndim == 2 else seen[..., None])
    return result


def characters(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """1 to so many words of random capital letters, as tall as a share of the side, black or white."""
    words, letters, share = numbers(value)
    height, width = x.shape[:2]
    size = share * min(height, width)
    count = max(1, int(np.ceil(words * rng.uniform(0.5, 1))))
    result = x
    for _ in range(count):
        length = max(1, int(np.ceil(letters * rng.uniform(0.5, 1))))
        word = "".join(rng.choice(list(_LETTERS), length))
        mask = _typed(word, size)
        at = rng.random(2) * np.maximum(0, np.subtract((height, width), mask.shape))
        result = _laid(result, mask, (int(at[0]), int(at[1])), float(rng.integers(2)))
    return result


def settings(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """So many lines of machine settings, in a column at the left or right edge from the top."""
    lines, right = int(number(value)), bool(rng.integers(2))
    size = 0.055 * min(x.shape[:2])
    result, top = x, 0.03 * x.shape[0]
    for line in rng.permutation(_SETTINGS)[:lines]:
        mask = _typed(str(line), size)
        left = x.shape[1] - mask.shape[1] - 0.02 * x.shape[1] if right else 0.02 * x.shape[1]
        result = _laid(result, mask, (int(top), max(0, int(left))), 0.95)
        top += 1.15 * size
    return result


def mirrored(x: Floats, value: Value, rng: np.random.Generator) -> Floats:
    """Left and right change places."""
    del value, rng
    return x[:, ::-1].copy()


def _typed(text: str, size: float) -> Floats:
    """The text as a mask in [0, 1], of shape (height, width), `size` pixels tall."""
    font = _font(max(4, round(size)))
    left, top, right, bottom = font.getbbox(text)
    canvas = Picture.new("L", (int(np.ceil(right - left)) + 2, int(np.ceil(bottom - top)) + 2))
    ImageDraw.Draw(canvas).text((1 - left, 1 - top), text, fill=255, font=font)
    mask: Floats = np.asarray(canvas, np.float32) / np.float32(255)
    return mask


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _laid(x: Floats, mask: Floats, at: tuple[int, int], level: float) -> Floats:
    result = x.copy()
    part = result[at[0] : at[0] + mask.shape[0], at[1] : at[1] + mask.shape[1]]
    cut = mask[: part.shape[0], : part.shape[1]]
    part += (np.float32(level) - part) * (cut if x.ndim == 2 else cut[..., None])
    return result


CORRUPTIONS = (
    Corruption(
        name="black_corner",
        title="Black corners",
        meaning="the round field of a dermatoscope",
        modalities=("dermoscopy",),
        unit="radius of the visible circle, share of half the side",
        severities={"dermoscopy": (1.1, 1.05, 1.0, 0.95, 0.9)},
        preserves_meaning=True,
        source=f"{MEDMNIST_C}, whose last two values stand in the other order",
        apply=black_corner,
    ),
    Corruption(
        name="burned_in_characters",
        title="Burned-in characters",
        meaning="letters typed over the picture",
        modalities=("dermoscopy",),
        unit="largest number of words, of letters in a word, height as a share of the side",
        severities={"dermoscopy": ((1, 6, 0.14), (2, 7, 0.15), (3, 8, 0.16), (4, 9, 0.17), (6, 10, 0.18))},
        preserves_meaning=True,
        source=MEDMNIST_C,
        apply=characters,
    ),
    Corruption(
        name="burned_in_settings",
        title="Burned-in settings",
        meaning="the machine's settings written into the pixels",
        modalities=("ultrasound",),
        unit="lines of text, each 5.5 % of the side tall",
        severities={"ultrasound": (1, 3, 5, 7, 10)},
        preserves_meaning=True,
        source="our own scale",
        apply=settings,
    ),
    Corruption(
        name="mirror",
        title="Mirrored",
        meaning="left and right exchanged, so laterality changes: a check of sanity, never of robustness; "
        "all severities are the same picture",
        modalities=(),
        unit="share of the image that is mirrored",
        severities={"*": (1, 1, 1, 1, 1)},
        preserves_meaning=False,
        source="our own",
        apply=mirrored,
    ),
)
