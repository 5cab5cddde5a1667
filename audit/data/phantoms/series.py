"""A series of phantoms as a data set."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from audit.core.canonical import Json, digest
from audit.core.dataset import Dataset, Record
from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.phantoms.case import Case, Wish, draw_case
from audit.data.phantoms.chest import sketch_chest
from audit.data.phantoms.ct import sketch_abdomen, sketch_chest_ct, sketch_head
from audit.data.phantoms.fundus import sketch_fundus
from audit.data.phantoms.histology import sketch_histology
from audit.data.phantoms.kinds import KIND_OF
from audit.data.phantoms.look import apply_look
from audit.data.phantoms.mri import sketch_brain
from audit.data.phantoms.sketch import Sketch
from audit.data.phantoms.ultrasound import sketch_ultrasound

VERSION = 1
KEPT = 512  # pictures kept in memory: 25 MB at 128 px
_SKETCHERS = {
    "chest radiograph": sketch_chest,
    "chest CT": sketch_chest_ct,
    "head CT": sketch_head,
    "abdominal CT": sketch_abdomen,
    "brain MRI": sketch_brain,
    "ultrasound": sketch_ultrasound,
    "fundus photograph": sketch_fundus,
    "histology": sketch_histology,
}


def phantoms(n: int, seed: int, size: int = 128, kind: str = "") -> Dataset:
    """`n` phantom images of `size` x `size` pixels; pixels are drawn when they are first read.

    `kind` ("chest radiograph", ...) draws that kind alone, "" all of them. Record i depends on `seed`, `size`, `kind`
    and i alone, never on `n`. Some patients have several images (their cluster).
    `sha256` is a digest over the generator's version, size, seed, ids, clusters and labels, which determine the pixels.
    Raises `InputError` unless 1 <= n <= 1,000,000, 0 <= seed < 2**63 and 32 <= size <= 512, and for an unknown kind.
    """
    if kind and kind not in KIND_OF:
        raise InputError(f"Unknown kind of phantom {kind!r}", remedy=f"known: {', '.join(KIND_OF)}")
    for name, value, low, high in (("n", n, 1, 10**6), ("seed", seed, 0, 2**63 - 1), ("size", size, 32, 512)):
        if not low <= value <= high:
            raise InputError(f"Expected phantoms' {name} to be {low} to {high} but got {value}")
    wish = Wish(kind=kind)
    records = tuple(record_of(draw_case(seed, index, wish), size) for index in range(n))
    only = f" ({kind})" if kind else ""
    told: list[Json] = [[r.id, r.cluster, dict(r.labels)] for r in records]
    return Dataset(
        name="phantoms",
        kind="images",
        records=records,
        source=f"phantoms of seed {seed}",
        sha256=digest(["medaudit.phantoms", VERSION, size, seed, told]),
        rules=(
            f"Images are {n} phantoms{only} of {size} px drawn by seed {seed}: computed pictures, not patients.",
            "The cluster is the (invented) patient.",
        ),
        n_seen=n,
        has_patients=True,
    )


def sketch_of(case: Case) -> Sketch:
    """What the case looks like, before it is drawn."""
    return _SKETCHERS[case.kind.name](case)


def render(case: Case, size: int) -> NDArray[np.uint8]:
    """The pixels of a case: (size, size) grey, or (size, size, 3) for photographs and stained sections."""
    rng = case.texture()
    values = apply_look(sketch_of(case).draw(size, rng), case.site, case.vendor, rng, case.kind.modality)
    pixels: NDArray[np.uint8] = np.rint(values * 255).astype(np.uint8)
    return pixels


def record_of(case: Case, size: int) -> Record:
    """The record of a case: labels, boxes (pixels), measurements (mm), counts."""
    sketch = sketch_of(case)
    optional = {"laterality": case.side, "sequence": case.sequence}
    labels = {
        "modality": case.kind.modality,
        "anatomy": case.kind.anatomy,
        "view": case.view,
        "finding": case.finding,
        "patient": f"P{case.patient:06d}",
        "study": f"S{case.index:06d}",
        "site": case.site,
        "vendor": case.vendor,
        "sex": case.sex,
        "age": str(case.age),
        **{name: value for name, value in optional.items() if value},
    }
    half = case.kind.span_mm / 2
    boxes: list[Json] = [box.pixels(size) for box in sketch.boxes]
    marks: list[Json] = [mark.pixels(size) for mark in sketch.marks]
    meta: dict[str, Json] = {
        "boxes": boxes,
        "measurements_mm": {name: round(value * half, 3) for name, value in sketch.sizes.items()},
        "ratios": dict(sketch.ratios),
        "counts": dict(sketch.counts),
        "severity": 0.0 if case.normal else round(case.severity, 3),
        "pixel_mm": round(case.kind.span_mm / size, 4),
        "marker": case.marker,
        "marks": marks,
    }
    name = f"phantom-{case.seed}-{case.index:06d}"
    return Record(name, Image(partial(_drawn, case, size), name), f"P{case.patient:06d}", labels, meta)


@lru_cache(maxsize=KEPT)
def _drawn(case: Case, size: int) -> NDArray[np.uint8]:
    """The pixels, kept for a while: a grid, its box and its controls show the same picture again and again."""
    pixels = render(case, size)
    pixels.setflags(write=False)
    return pixels
