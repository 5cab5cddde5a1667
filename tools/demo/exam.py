"""Held-out questions with their answers, by kind and form: what the demo models are examined on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audit.data.phantoms.case import Case, Wish, draw_case, first_of_patient
from audit.data.phantoms.kinds import VENDORS
from demo.grid_asks import audit_prompt, multi_turn, plain_turns
from demo.grids import SHARES, Grid, draw_grid
from demo.pool import Pool, render_pool
from demo.singles import facts, turn

HELD_OUT = 990_001
MARKERS = ("plain", "boxed", "plate", "ringed")
CHEST_FINDINGS = ("no finding", "nodule", "effusion", "cardiomegaly", "surgical hardware")


@dataclass(frozen=True)
class Paper:
    """One examination question; `tags` say what it is split by."""

    kind: str
    form: str
    images: tuple[NDArray[np.uint8], ...]
    question: str
    answer: str
    tags: dict[str, str] = field(default_factory=dict)


def held_out_pool(n: int) -> Pool:
    """Images of `n` held-out patients, one each."""
    cases = [draw_case(HELD_OUT, i) for i in range(2 * n) if first_of_patient(HELD_OUT, i) == i]
    return render_pool(cases[:n])


def single_papers(pool: Pool, n: int, rng: np.random.Generator) -> Iterator[Paper]:
    """Up to `n` questions per kind and form, each on an image of its own."""
    for kind in ("modality", "anatomy", "view", "finding", "laterality", "sequence", "count"):
        able = [i for i, case in enumerate(pool.cases) if kind in facts(case, pool.counts[i])]
        for form in ("letter", "text", "yes"):
            for index in [able[i] for i in rng.permutation(len(able))[:n]]:
                case = pool.cases[index]
                asked, answer = turn(rng, case, pool.counts[index], kind, form)
                tags = {"modality": case.kind.modality, "vendor": case.vendor}
                yield Paper(kind, form, (pool.single[index],), asked, answer, tags)


def grid_papers(pool: Pool, n: int, rng: np.random.Generator) -> Iterator[Paper]:
    """Grids of every tier, with and without an outlier, in the audit's words; also separate images and counts."""
    for side, number in ((2, n), (3, n // 2)):
        for tier in SHARES:
            for outlier in (True, False):
                for index in range(number // 2):
                    grid = draw_grid(rng, pool, side, outlier=outlier, boxed=False, tier=tier, place=index % side**2)
                    yield from _papers(rng, grid, tier)
    for index in range(n):
        grid = draw_grid(rng, pool, 2, outlier=index % 2 == 0, boxed=True, tier="modality")
        target = "yes" if grid.boxed == grid.outlier else "no"
        asked = audit_prompt("visual_referring", grid, "if")
        yield Paper("grid 2x2, red box", "yes", (grid.pixels,), asked, target)


def _papers(rng: np.random.Generator, grid: Grid, tier: str) -> Iterator[Paper]:
    kind, letter = f"grid {grid.n}x{grid.n}", chr(65 + (grid.n**2 if grid.outlier is None else grid.outlier))
    tags = {"tier": tier, "outlier": "yes" if grid.outlier is not None else "no"}
    yield Paper(
        kind,
        "letter",
        (grid.pixels,),
        audit_prompt("detection_mcq", grid, "if"),
        letter,
        {**tags, "wording": "uniform"},
    )
    if grid.outlier is not None:
        asked = audit_prompt("detection_mcq", grid, "sure")
        yield Paper(kind, "letter", (grid.pixels,), asked, letter, {**tags, "wording": "published"})
    if grid.n == 2 and tier == "modality":
        asked, answer = multi_turn(rng, grid, form="letter")
        yield Paper("grid 2x2 as four images", "letter", grid.panels, asked, answer, tags)
        for name, (asked, answer) in plain_turns(rng, grid).items():
            yield Paper(name, "text", (grid.pixels,), asked, answer, tags)


def chest_papers(n: int, vendors: Sequence[str] = VENDORS) -> list[Paper]:
    """Findings on chest radiographs, `n` per finding, marker and vendor independent of the finding."""
    rng = np.random.default_rng([HELD_OUT, 5])
    cases: list[Case] = []
    for finding in CHEST_FINDINGS:
        for index in range(n):
            wish = Wish(
                kind="chest radiograph",
                finding=finding,
                vendor=vendors[index % len(vendors)],
                marker=MARKERS[(index // len(vendors)) % len(MARKERS)],
            )
            cases.append(draw_case(HELD_OUT + 1, 4 * len(cases), wish))
    pool = render_pool(cases)
    papers = []
    for index, case in enumerate(cases):
        asked, answer = turn(rng, case, 0, "finding", "text")
        tags = {"vendor": case.vendor, "marker": case.marker, "finding": case.finding, "view": case.view}
        papers.append(Paper("chest finding", "text", (pool.single[index],), asked, answer, tags))
    return papers
