"""What share of identifiers a detector of boxes covers: OCR and text recognisers, on generated pages and real DICOM.

    python benchmarks/phi_detect.py [--n 60] [--seed 3000] [--share 0.9] [--reader SPEC] [--real ../shared/data/real]

prints the tables of docs/phi-text.md. An identifier is covered where its detected boxes, of whatever category, hold
at least `--share` of the pixels of its true box. `read`: its letters and digits stand in what the OCR read; the rest
of the recall is the recognisers'. Intervals are exact, over pages or files.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from phi_text import together, told

from audit.app.headers import reader_of
from audit.core.errors import InputError
from audit.core.reading import Box, Reader, page
from audit.data.dicom_pixels import frame_pixels
from audit.data.options import LoadOptions
from probes.phi.detect import located
from probes.phi.documents import CATEGORIES, document
from probes.phi.documents.paint import placed
from probes.phi.header import audit_header, cross_check

PADDING = 25
"""By which the published boxes lie right of and below the ink: they were found on images with a margin."""
SEXES = re.compile(r"\[[MFUO]\]")
Pairs = dict[str, list[tuple[int, int]]]


def mask_of(boxes: Sequence[Box], shape: Sequence[int]) -> NDArray[np.bool_]:
    """(height, width), true inside the boxes."""
    mask = np.zeros(shape[:2], dtype=bool)
    for left, top, right, bottom in boxes:
        mask[max(0, top) : bottom, max(0, left) : right] = True
    return mask


def covered(mask: NDArray[np.bool_], box: Box, share: float) -> bool:
    """Whether at least `share` of the box lies in the mask."""
    left, top, right, bottom = box
    part = mask[max(0, top) : bottom, max(0, left) : right]
    return bool(part.size) and float(part.mean()) >= share


def squeezed(text: str) -> str:
    """Letters and digits alone, lower case."""
    return "".join(re.findall(r"[^\W_]", text)).lower()


def generated(reader: Reader, n: int, seed: int, share: float) -> tuple[Pairs, Pairs, list[tuple[int, int]]]:
    """(covered, read) per category, one pair per page, and the share of other words that boxes touch."""
    found: Pairs = {category: [] for category in CATEGORIES}
    readable: Pairs = {category: [] for category in CATEGORIES}
    lost: list[tuple[int, int]] = []
    for index in range(n):
        shown = document(seed, index)
        read = page(reader.read(shown.image.pixels))
        mask = mask_of([one.box for one in located(read)], shown.image.pixels.shape)
        everything = squeezed(read.text)
        for category in CATEGORIES:
            values = [word for word in shown.sheet.words if word.value and word.value.type == category]
            boxes = [placed(word.box, shown.degrees, shown.size)[0] for word in values]
            found[category].append((sum(covered(mask, box, share) for box in boxes), len(boxes)))
            readable[category].append((sum(squeezed(word.text) in everything for word in values), len(values)))
        others = [word for word in shown.sheet.words if not word.value and squeezed(word.text)]
        hulls = [placed(word.box, shown.degrees, shown.size)[0] for word in others]
        lost.append((sum(covered(mask, box, 0.5) for box in hulls), len(hulls)))
    return found, readable, lost


def show(found: Pairs, readable: Pairs, lost: list[tuple[int, int]]) -> None:
    """Print the table as Markdown."""
    print("| category | read | covered |\n|---|---|---|")
    for category in CATEGORIES:
        print(f"| `{category}` | {told(readable[category])} | {told(found[category])} |")
    print(f"| all | {told(together(readable))} | {told(together(found))} |")
    print(f"\nOther words half covered: {told(lost)}")


def truth(root: Path) -> dict[str, list[tuple[str, Box]]]:
    """File name -> burned-in values and their boxes, without the sex; only of the files that are here as DICOM."""
    rows = json.loads((root / "questions" / "burned_in_phi_ground_truth.json").read_text(encoding="utf-8"))
    boxes: dict[str, list[tuple[str, Box]]] = {}
    for name, values in rows.items():
        stem = Path(name).stem
        boxes[stem] = [
            (row["label"], (row["left"] - PADDING, row["top"] - PADDING, row["left"] - PADDING + row["width"],
                            row["top"] - PADDING + row["height"]))
            for row in values if not SEXES.fullmatch(row["label"])
        ]  # fmt: skip
    return boxes


def real(reader: Reader, root: Path, share: float) -> None:
    """Print what is covered on the real files with known burned-in values, without and with their headers, and what
    of every other file's header stands in its pixels."""
    known = truth(root)
    totals: list[list[tuple[int, int]]] = [[], [], []]
    for file in sorted((root / "dicom").rglob("*.dcm")):
        try:
            pixels = frame_pixels(file, 0, LoadOptions())
        except InputError as error:
            print(f"{file.name}: {error.problem}")
            continue
        read = page(reader.read(pixels))
        seen = cross_check(audit_header(file), read)
        places = ", ".join(sorted({one.place for one in seen})) or "none"
        print(f"{file.name}: {len(read.pieces)} lines read, header values seen: {places}", flush=True)
        values = known.get(file.stem.removesuffix("_compressed"), [])
        if values:
            alone = [one.box for one in located(read)]
            both = [*alone, *(box for one in seen for box in one.boxes)]
            text = squeezed(read.text)
            masks = [mask_of(boxes, pixels.shape) for boxes in (alone, both)]
            hits = [sum(squeezed(value) in text for value, _ in values)]
            hits += [sum(covered(mask, box, share) for _, box in values) for mask in masks]
            for total, hit in zip(totals, hits, strict=True):
                total.append((hit, len(values)))
    for what, total in zip(("read", "covered", "covered, with the header's values"), totals, strict=True):
        print(f"burned-in values {what}: {told(total)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=60)
    parser.add_argument("--seed", type=int, default=3000)
    parser.add_argument("--share", type=float, default=0.9)
    parser.add_argument("--reader", default="ocr:rapidocr")
    parser.add_argument("--real", type=Path)
    given = parser.parse_args()
    reader = reader_of(given.reader)
    assert reader is not None
    if given.n:
        start = time.process_time()
        tables = generated(reader, given.n, given.seed, given.share)
        seconds = time.process_time() - start
        print(f"{given.n} pages, seed {given.seed}, boxes covered by {given.share:.0%}")
        print(f"{seconds / given.n:.1f} s of processor time per page\n")
        show(*tables)
    if given.real:
        real(reader, given.real, given.share)


if __name__ == "__main__":
    main()
