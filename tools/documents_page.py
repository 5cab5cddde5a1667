"""Draw a contact sheet of the documents: `python tools/documents_page.py docs/phi-documents.png`."""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image, ImageDraw

from probes.phi.documents import LAYOUTS, Look, document
from probes.phi.documents.paint import placed

ACROSS, WIDTH, GAP = 3, 400, 8
CHANCE, INFERABLE = (200, 30, 30), (30, 60, 200)


def main() -> None:
    """Six layouts in three typefaces; red boxes around values drawn by chance, blue ones around inferable values."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    height = WIDTH * 22 // 17
    sheet = Image.new("RGB", (ACROSS * (WIDTH + GAP) - GAP, 2 * (height + GAP) - GAP), (120, 120, 120))
    for place, layout in enumerate(LAYOUTS):
        look = Look(face=("sans", "serif", "mono")[place % 3], rotation=1.5, noise=2)
        page = document(given.seed, place, layout, look)
        picture = Image.fromarray(page.pixels()).convert("RGB")
        pen = ImageDraw.Draw(picture)
        for word in page.sheet.words:
            if word.value:
                _, polygon = placed(word.box, page.degrees, page.size)
                pen.polygon(polygon, outline=INFERABLE if word.value.inferable else CHANCE)
        small = picture.resize((WIDTH, WIDTH * picture.height // picture.width), Image.Resampling.LANCZOS)
        sheet.paste(small, (place % ACROSS * (WIDTH + GAP), place // ACROSS * (height + GAP)))
    colours = sheet.quantize(24, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    colours.save(given.out, optimize=True)
    print(given.out, sheet.size, given.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
