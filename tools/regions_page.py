"""Draw what is proposed and edited on phantoms: `python tools/regions_page.py docs/spurious-regions.png`."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw

from audit.core.image import Image
from audit.core.reading import Box
from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.series import render
from probes.spurious.regions.edit import crop, elsewhere, pasted, placed, removed
from probes.spurious.regions.propose import propose

SIDE, GAP, TITLE = 168, 4, 16
KINDS = ("mark", "grid", "superpixel")
COLOURS = {"mark": (255, 60, 60), "grid": (70, 160, 255), "superpixel": (255, 190, 40)}
EDITS = ("removed: blur", "removed: inpaint", "removed: mean", "pasted elsewhere")
ROWS = (
    (Wish(kind="chest radiograph", view="PA", finding="nodule", marker="plate", vendor="Aurora"), 256),
    (Wish(kind="chest radiograph", view="AP", finding="no finding", marker="ringed", vendor="Aurora"), 256),
    (Wish(kind="chest radiograph", view="PA", finding="surgical hardware", marker="boxed", vendor="Boreal"), 128),
    (Wish(kind="chest radiograph", view="lateral", finding="no finding", marker="plain", vendor="Corvid"), 256),
)


def main() -> None:
    """One row per phantom: its marks, grid and superpixels, then its first mark removed in three ways and pasted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    titles = (*KINDS, *EDITS)
    sheet = Picture.new("RGB", (len(titles) * (SIDE + GAP), TITLE + len(ROWS) * (SIDE + GAP)), "white")
    pen = ImageDraw.Draw(sheet)
    for column, title in enumerate(titles):
        pen.text((column * (SIDE + GAP) + 2, 2), title, fill="black")
    for row, (wish, size) in enumerate(ROWS):
        image = Image.of(render(draw_case(5, 4 * row, wish), size))
        for column, tile in enumerate(tiles(image)):
            sheet.paste(tile, (column * (SIDE + GAP), TITLE + row * (SIDE + GAP)))
    sheet.quantize(128, method=Picture.Quantize.MAXCOVERAGE, dither=Picture.Dither.NONE).save(given.out, optimize=True)
    print(given.out, sheet.size, given.out.stat().st_size, "bytes")


def tiles(image: Image) -> list[Picture.Image]:
    """The row of one image; without a mark its last grid cell takes the mark's place."""
    boxes = {kind: [region.box for region in propose(image, [kind])] for kind in KINDS}
    height, width = image.pixels.shape[:2]
    mark = (boxes["mark"] or boxes["grid"][-1:])[0]
    there = elsewhere((width, height), mark, boxes["mark"], np.random.default_rng(0)) or mark
    other = pasted(image, crop(image, mark, least=1), placed(there, (width, height), (width, height)))
    edited = [*(removed(image, [mark], fill) for fill in ("blur", "inpaint", "mean")), other]
    return [drawn(image, boxes[kind], COLOURS[kind]) for kind in KINDS] + [drawn(one, [], (0, 0, 0)) for one in edited]


def drawn(image: Image, boxes: list[Box], colour: tuple[int, int, int]) -> Picture.Image:
    """The image at the tile's size with outlines."""
    picture = Picture.fromarray(image.rgb())
    scale = SIDE / max(picture.size)
    tile = picture.resize((round(picture.width * scale), round(picture.height * scale)), Picture.Resampling.LANCZOS)
    pen = ImageDraw.Draw(tile)
    for left, top, right, bottom in boxes:
        pen.rectangle([left * scale, top * scale, right * scale - 1, bottom * scale - 1], outline=colour)
    return tile


if __name__ == "__main__":
    main()
