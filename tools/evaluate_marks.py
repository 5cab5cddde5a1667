"""Measure the mark detector on chest phantoms: `python tools/evaluate_marks.py --n 300 --seed 7 --size 128`."""

from __future__ import annotations

import argparse
import time
from collections import defaultdict

from audit.core.canonical import Json
from audit.core.dataset import Record
from audit.core.reading import Box
from audit.data.phantoms import phantoms
from probes.spurious.regions.marks import marks
from probes.spurious.regions.overlap import area, iou, shared

HIT = 0.5
Counts = dict[str, list[int]]


def main() -> None:
    """Recall by what was burned in (intersection over union of a half), precision by view, seconds an image."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--size", type=int, default=128)
    given = parser.parse_args()
    recall: Counts = defaultdict(lambda: [0, 0])
    precision: Counts = defaultdict(lambda: [0, 0])
    seconds = 0.0
    for record in phantoms(given.n, given.seed, given.size, "chest radiograph").records:
        rgb = record.image.rgb()
        start = time.perf_counter()
        boxes = marks(rgb)
        seconds += time.perf_counter() - start
        count(record, boxes, recall, precision)
    print(f"{given.n} chest phantoms of {given.size} px, seed {given.seed}, {seconds / given.n * 1000:.0f} ms an image")
    for title, counts in (("found", recall), ("right", precision)):
        for name, (hits, total) in sorted(counts.items()):
            print(f"{title} {name:28} {hits}/{total} = {hits / total:.2f}")


def count(record: Record, boxes: tuple[Box, ...], recall: Counts, precision: Counts) -> None:
    """Add one image. A box is right if it and a mark, or it and a device, share half of the smaller of the two."""
    burned = told(record.meta["marks"])
    devices = [box for label, box in told(record.meta["boxes"]) if label == "surgical hardware"]
    for label, mark in burned:
        best = max((iou(mark, box) for box in boxes), default=0.0)
        part = any(shared(mark, box) >= HIT * area(box) for box in boxes)
        name = "AP" if label == "AP" else f"marker, {record.meta['marker']}"
        for kind, hit in (("", best >= HIT), (", at least a part", part)):
            recall[name + kind][0] += hit
            recall[name + kind][1] += 1
    truth = [mark for _, mark in burned] + devices
    right = [any(shared(box, true) >= HIT * min(area(box), area(true)) for true in truth) for box in boxes]
    for name, hits in ((record.labels["view"], right), ("first box", right[:1])):
        precision[name][0] += sum(hits)
        precision[name][1] += len(hits)


def told(boxes: Json) -> list[tuple[str, Box]]:
    """Labels and whole-pixel boxes of a phantom's truth."""
    assert isinstance(boxes, list)
    rows = [box for box in boxes if isinstance(box, dict)]
    return [
        (str(row["label"]), tuple(round(float(str(row[side]))) for side in ("x0", "y0", "x1", "y1")))  # type: ignore[misc]
        for row in rows
    ]


if __name__ == "__main__":
    main()
