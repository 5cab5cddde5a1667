"""Draw a contact sheet of phantoms: `python tools/contact_sheet.py docs/phantoms.png`."""

from __future__ import annotations

import argparse
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.kinds import KINDS
from audit.data.phantoms.series import render

SIDE, COLUMNS, MARGIN = 96, 6, 150


def main() -> None:
    """One row per kind and view; findings from left to right, sites and vendors as they come."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    rows = [(kind, view) for kind in KINDS for view, _ in kind.views]
    sheet = Image.new("RGB", (MARGIN + COLUMNS * SIDE, len(rows) * (SIDE + 14)), "white")
    pen = ImageDraw.Draw(sheet)
    for row, (kind, view) in enumerate(rows):
        top = row * (SIDE + 14)
        pen.text((6, top + SIDE // 2 - 12), f"{kind.name}\n{view}", fill="black")
        findings = islice(cycle(name for name, _ in kind.findings), COLUMNS)
        for column, finding in enumerate(findings):
            wish = Wish(kind=kind.name, view=view, finding=finding, sequence=("T1", "T2", "FLAIR")[column % 3])
            case = draw_case(given.seed, 4 * (row * COLUMNS + column), wish)
            picture = Image.fromarray(render(case, 128)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
            sheet.paste(picture.convert("RGB"), (MARGIN + column * SIDE, top))
            pen.text((MARGIN + column * SIDE + 2, top + SIDE), finding + (f" {case.sequence}"), fill="black")
    sheet.quantize(128, method=Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE).save(
        given.out, optimize=True
    )
    print(given.out, np.asarray(sheet).shape, given.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
