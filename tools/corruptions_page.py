"""Write the table and the picture of docs/corruptions.md: `python tools/corruptions_page.py`."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.series import render
from probes.shifts.corruptions import CORRUPTIONS
from probes.shifts.corruptions.sheet import contact_sheet
from probes.shifts.corruptions.table import markdown

DOCS = Path(__file__).parents[1] / "docs"
BEGIN, END = "<!-- table: python tools/corruptions_page.py -->\n", "<!-- end of the table -->\n"
SHOWN = {
    "chest radiograph": ("X-ray", ("gaussian_noise", "underexposure", "collimation", "marker_removal")),
    "abdominal CT": ("CT", ("ct_low_dose", "ct_rings", "ct_streaks")),
    "brain MRI": ("MRI", ("mri_bias_field", "mri_ghosting", "mri_motion", "mri_spikes")),
    "ultrasound": ("ultrasound", ("us_gain_high", "us_shadow")),
    "histology": ("histology", ("stain", "bubbles", "jpeg")),
}


def picture() -> Image.Image:
    """Some corruptions of one phantom of each kind, below each other."""
    sheets = []
    for kind, (modality, names) in SHOWN.items():
        pixels = render(
            draw_case(6, 8, Wish(kind=kind, view="PA" if modality == "X-ray" else "", vendor="Aurora")), 224
        )
        sheets.append(contact_sheet(pixels, modality, [CORRUPTIONS[name] for name in names], 1, 80))
    whole = Image.new("RGB", (sheets[0].width, sum(sheet.height for sheet in sheets)), "white")
    top = 0
    for sheet in sheets:
        whole.paste(sheet, (0, top))
        top += sheet.height
    return whole


def main() -> None:
    """Put the table between its marks and draw the picture anew."""
    page = DOCS / "corruptions.md"
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + BEGIN + markdown() + END + after, "utf-8")
    file = DOCS / "corruptions.png"
    colours = picture().quantize(96, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    colours.save(file, optimize=True)
    print(page, file, file.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
