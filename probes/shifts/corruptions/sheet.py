"""Contact sheets: one row per corruption, the clean image and its five severities side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from audit.core.image import Image
from probes.shifts.corruptions.corruption import Corruption
from probes.shifts.corruptions.registry import Pixels, corrupt
from probes.shifts.corruptions.table import told

_WORDS, _GAP, _LINE = 216, 3, 13


def contact_sheet(
    pixels: Pixels, modality: str, entries: Sequence[Corruption], seed: int = 0, tile: int = 128
) -> Picture.Image:
    """The sheet of one image, RGB. Each tile is `tile` pixels wide; the words at the left name the corruption, its unit
    and its values."""
    height = round(tile * pixels.shape[0] / pixels.shape[1])
    step = max(height, 6 * _LINE) + _GAP
    sheet = Picture.new("RGB", (_WORDS + 6 * (tile + _GAP), len(entries) * step), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    for row, entry in enumerate(entries):
        for line, words in enumerate(_lines(entry, modality)[: step // _LINE]):
            draw.text((4, row * step + line * _LINE), words, fill="black", font=font)
        for severity in range(6):
            shown = Picture.fromarray(Image.of(corrupt(pixels, entry.name, severity, modality, seed)).rgb())
            place = (_WORDS + severity * (tile + _GAP), row * step)
            sheet.paste(shown.resize((tile, height), Picture.Resampling.BOX), place)
    return sheet


def _lines(entry: Corruption, modality: str) -> list[str]:
    values = ", ".join(told(entry.value(severity, modality)) for severity in range(1, 6))
    sanity = [] if entry.preserves_meaning else ["changes the meaning: a sanity check"]
    return [entry.name, *_wrapped(entry.unit, 34), *_wrapped(values, 34), *sanity]


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += f"{word} "
    return lines
