"""From marks to pixels, and from a mark's box to where it lies on the scan."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from probes.phi.documents.sheet import Sheet, Word

Box = tuple[int, int, int, int]
Polygon = tuple[tuple[float, float], ...]
PAPER = 255
_SPREAD = 2.0  # pixels by which interpolation widens the ink of a tilted page


def paint(sheet: Sheet, keep: Callable[[Word], bool] = lambda _: True) -> NDArray[np.uint8]:
    """The printed page, (height, width) grey; words that `keep` refuses are left out."""
    from PIL import Image, ImageDraw

    page = Image.new("L", (sheet.px(sheet.width), sheet.px(sheet.height)), PAPER)
    pen = ImageDraw.Draw(page)
    for bar in sheet.bars:
        pen.rectangle((bar.x0, bar.y0, bar.x1 - 1, bar.y1 - 1), fill=bar.ink)
    for word in sheet.words:
        if keep(word):
            pen.text((word.x, word.y), word.text, fill=word.ink, font=word.font.load(), anchor="ls")
    return np.asarray(page)


def scan(page: NDArray[np.uint8], degrees: float, noise: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The page as a scanner sees it: turned anticlockwise about its centre, size kept, then light, grain and specks."""
    from PIL import Image

    if degrees:
        turned = Image.fromarray(page).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=PAPER)
        page = np.asarray(turned)
    if not noise:
        return page
    height, width = page.shape
    light = np.add.outer(np.linspace(0, rng.uniform(0, noise), height), np.linspace(0, rng.uniform(0, noise), width))
    grey = page - light - noise + rng.normal(0, noise, page.shape)
    specks = rng.random(page.shape) < noise * 2e-6
    grey[specks] = 90
    scanned: NDArray[np.uint8] = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    return scanned


def placed(box: Box, degrees: float, size: tuple[int, int]) -> tuple[Box, Polygon]:
    """The axis-aligned hull of a box on the scan, and its four corners: upper left, upper right, lower right, lower
    left of the text. `size` is the page's width and height; both stay inside it. Pixels, x1 and y1 exclusive."""
    width, height = size
    spread = _SPREAD if degrees else 0.0
    x0, y0, x1, y1 = box[0] - spread, box[1] - spread, box[2] + spread, box[3] + spread
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turn(x: float, y: float) -> tuple[float, float]:
        dx, dy = x - width / 2, y - height / 2
        return (
            min(max(cos * dx + sin * dy + width / 2, 0.0), float(width)),
            min(max(cos * dy - sin * dx + height / 2, 0.0), float(height)),
        )

    corners = tuple(turn(x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    hull = (math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys)))
    return hull, tuple((round(x, 1), round(y, 1)) for x, y in corners)
