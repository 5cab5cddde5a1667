"""Short questions, many per image: what a panel shows and where, before it is asked in many words."""

from __future__ import annotations

import numpy as np

from demo.grids import Grid, draw_grid, positions
from demo.loop import Example
from demo.pool import Pool
from demo.singles import Turn, facts, pick, turn

SHORT = {
    "modality": "Modality?",
    "anatomy": "Anatomy?",
    "view": "View?",
    "laterality": "Laterality?",
    "finding": "Finding?",
    "sequence": "Sequence?",
    "count": "Count the lesions.",
}


def short_batch(
    rng: np.random.Generator, pool: Pool, singles: int = 7, small: int = 8, large: int = 1
) -> list[Example]:
    """Single images with every fact asked once, and grids with and without an outlier."""
    batch = [_single(rng, pool) for _ in range(singles)]
    for n, count in ((2, small), (3, large)):
        for _ in range(count):
            tier = "modality" if rng.random() < 0.3 else ""
            grid = draw_grid(rng, pool, n, outlier=bool(rng.random() < 0.6), boxed=bool(rng.random() < 0.15), tier=tier)
            batch.append(((grid.pixels,), grid_shorts(rng, grid)))
    return batch


def _single(rng: np.random.Generator, pool: Pool) -> Example:
    index = int(rng.integers(len(pool.cases)))
    case, count = pool.cases[index], pool.counts[index]
    known = facts(case, count)
    asked = [(SHORT[name], answer) for name, answer in known.items()]
    asked += [turn(rng, case, count, pick(rng, list(known)), form, 0.2) for form in ("letter", "letter", "yes", "yes")]
    return (pool.single[index],), asked


def grid_shorts(rng: np.random.Generator, grid: Grid) -> list[Turn]:
    """Where and whether there is an outlier, in a word or a letter; what single panels show."""
    names, k = positions(grid.n), grid.n * grid.n
    place = k if grid.outlier is None else grid.outlier
    asked = [
        ("Outlier?", "none" if grid.outlier is None else names[grid.outlier]),
        (f"Outlier letter ({grid.n}x{grid.n})?", chr(65 + place)),
        ("Any outlier?", "no" if grid.outlier is None else "yes"),
        ("Modalities?", ", ".join(case.kind.modality for case in grid.cases)),
    ]
    for name in ("modality", "view", "finding"):
        spot = int(rng.integers(k)) if grid.outlier is None or rng.random() < 0.5 else grid.outlier
        asked.append((f"{SHORT[name]} {names[spot]}", facts(grid.cases[spot], 0)[name]))
    if grid.boxed is not None:
        asked.append(("Red box on the outlier?", "yes" if grid.boxed == grid.outlier else "no"))
        asked.append(("Red box?", names[grid.boxed]))
    return asked
