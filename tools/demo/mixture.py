"""What one training step shows: single images and grids, and the share of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from demo.grid_asks import grid_turns, multi_turn
from demo.grids import describe, draw_grid
from demo.loop import Example
from demo.pool import Pool
from demo.singles import facts, pick, turn, turns


def base_batch(rng: np.random.Generator, pool: Pool, singles: int = 5, small: int = 6, large: int = 1) -> list[Example]:
    """Single images of every kind, and 2x2 and 3x3 grids, 45% of them without an outlier.

    One batch in twelve holds panels as separate images instead."""
    if rng.random() < 0.08:
        return [_multi(rng, pool, bool(rng.random() < 0.55)) for _ in range(6)]
    batch = [_single(rng, pool, 4) for _ in range(singles)]
    for n, count in ((2, small), (3, large)):
        for _ in range(count):
            grid = draw_grid(rng, pool, n, outlier=bool(rng.random() < 0.55), boxed=bool(rng.random() < 0.25))
            batch.append(((grid.pixels,), grid_turns(rng, grid)))
    return batch


def letters_batch(
    rng: np.random.Generator, pool: Pool, told: int = 12, singles: int = 6, grids: int = 4
) -> list[Example]:
    """Mostly descriptions in words in place of images: what an option's letter stands for is learned from text first.

    The same questions are asked about images beside them."""
    batch = [_told(rng, pool) for _ in range(told)]
    for n, count in ((2, told // 3), (3, 1)):
        for _ in range(count):
            grid = draw_grid(rng, pool, n, outlier=bool(rng.random() < 0.55), boxed=False)
            batch.append((describe(grid), grid_turns(rng, grid)))
    return batch + base_batch(rng, pool, singles=singles, small=grids, large=0)


def wide_batch(rng: np.random.Generator, pool: Pool) -> list[Example]:
    """As `base_batch`, with more of everything, more questions about each image, and a few descriptions in words."""
    if rng.random() < 0.06:
        return [_multi(rng, pool, bool(rng.random() < 0.55)) for _ in range(8)]
    batch = [_single(rng, pool, 6) for _ in range(8)] + [_told(rng, pool) for _ in range(3)]
    for number in range(16):
        grid = draw_grid(
            rng, pool, 3 if number == 0 else 2, outlier=bool(rng.random() < 0.6), boxed=bool(rng.random() < 0.15)
        )
        batch.append((describe(grid) if number > 12 else (grid.pixels,), grid_turns(rng, grid, mains=4, aids=3)))
    return batch


def grids_batch(rng: np.random.Generator, pool: Pool) -> list[Example]:
    """Grids for the most part, a third of them in words, with every question on the outlier; and single images."""
    if rng.random() < 0.06:
        return [_multi(rng, pool, bool(rng.random() < 0.6)) for _ in range(8)]
    batch = [_single(rng, pool, 6) for _ in range(6)]
    for number in range(18):
        n = 3 if number in (0, 17) else 2
        grid = draw_grid(rng, pool, n, outlier=bool(rng.random() < 0.65), boxed=bool(rng.random() < 0.12))
        batch.append((describe(grid) if number > 11 else (grid.pixels,), grid_turns(rng, grid, mains=4, aids=1)))
    return batch


def medical_batch(
    rng: np.random.Generator, chest: Pool, general: Pool, singles: int = 12, small: int = 4
) -> list[Example]:
    """Chest radiographs alone, mostly their findings, and grids that always hold an outlier."""
    batch: list[Example] = []
    for index in rng.integers(len(chest.cases), size=singles):
        case = chest.cases[index]
        asked = [turn(rng, case, 0, "finding") for _ in range(4)] + turns(rng, case, 0, 1)
        batch.append(((chest.single[index],), asked))
    for _ in range(small):
        grid = draw_grid(rng, general, 2, outlier=True, boxed=False, tier="modality" if rng.random() < 0.6 else "")
        batch.append(((grid.pixels,), grid_turns(rng, grid, aids=0)))
    return batch


def _single(rng: np.random.Generator, pool: Pool, asked: int) -> Example:
    index = int(rng.integers(len(pool.cases)))
    return (pool.single[index],), turns(rng, pool.cases[index], pool.counts[index], asked)


def _told(rng: np.random.Generator, pool: Pool) -> Example:
    index = int(rng.integers(len(pool.cases)))
    case, count = pool.cases[index], pool.counts[index]
    known = facts(case, count)
    order = [list(known)[i] for i in rng.permutation(len(known))]
    text = "; ".join(f"{name}: {known[name]}" if rng.random() < 0.5 else known[name] for name in order)
    names = [pick(rng, list(known)) for _ in range(5)]
    return text, [turn(rng, case, count, name, "letter" if rng.random() < 0.85 else "") for name in names]


def _multi(rng: np.random.Generator, pool: Pool, outlier: bool) -> Example:
    grid = draw_grid(rng, pool, 2, outlier=outlier, boxed=False)
    return grid.panels, [multi_turn(rng, grid)]


def corpus(rng: np.random.Generator, pool: Pool, batches: int = 60) -> Sequence[str]:
    """Texts of the questions and answers, to train the tokenizer on."""
    drawn = [base_batch(rng, pool) for _ in range(batches)]
    return [text for batch in drawn for _, asked in batch for turn in asked for text in turn]
