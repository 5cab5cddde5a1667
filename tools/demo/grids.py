"""Grids of panels with or without one that does not belong, by the rules of the audit's own generator."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.data.phantoms.case import Case
from demo.pool import SINGLE, Pool, resize
from probes.medobvious.pairings import Pairing
from probes.medobvious.violations import DUPLICATE, WORDS, violate
from probes.parsing.positions import position_names

Pixels = NDArray[np.uint8]
SHARES = {"modality": 0.42, "anatomy": 0.13, "view": 0.14, "finding": 0.15, "integrity": 0.16}


@dataclass(frozen=True)
class Grid:
    """An n x n grid, `pixels` as one image and `panels` one by one.

    `outlier` is the place (row-major) of the panel that does not belong, or None; `anomaly` is what a referring
    question calls it, `told` says why in a sentence; `boxed` is the place of a red box, or None;
    `fault` is the integrity fault of the outlier, "" for any other.
    """

    n: int
    pixels: Pixels
    panels: tuple[Pixels, ...]
    cases: tuple[Case, ...]
    outlier: int | None
    anomaly: str
    told: str
    boxed: int | None
    fault: str


def positions(n: int) -> tuple[str, ...]:
    """Names of the places of an n x n grid, row-major."""
    return tuple(position_names(n))


def draw_grid(
    rng: np.random.Generator,
    pool: Pool,
    n: int,
    *,
    outlier: bool,
    boxed: bool,
    tier: str = "",
    place: int | None = None,
) -> Grid:
    """A random grid of the pool's panels; no panel occurs twice, unless its being a copy is the fault."""
    tier = tier or str(rng.choice(list(SHARES), p=list(SHARES.values())))
    pair = _pairing(rng, pool, tier, n * n)
    own = _some(rng, pool.groups[pair.host], n * n)
    panels, cases = [pool.single[i] for i in own], [pool.cases[i] for i in own]
    place = int(rng.integers(n * n)) if place is None else place
    if outlier and pair.outlier is not None:
        odd = _some(rng, pool.groups[pair.outlier], 1)[0]
        panels[place], cases[place] = pool.single[odd], pool.cases[odd]
    elif outlier and pair.violation == DUPLICATE:
        panels[place] = panels[(place + 1 + int(rng.integers(n * n - 1))) % (n * n)]
    elif outlier:
        panels[place] = np.ascontiguousarray(violate(pair.violation, panels[place], rng))
    told = reason(pair) if outlier else f"all panels show the same type of scan ({pair.host.modality})"
    fault = pair.violation if outlier and pair.outlier is None else ""
    box = _box(rng, n, place if outlier else None) if boxed else None
    shown = compose(panels, n, box)
    return Grid(n, shown, tuple(panels), tuple(cases), place if outlier else None, pair.anomaly, told, box, fault)


def reason(pair: Pairing) -> str:
    """Why the outlier does not belong, in a sentence."""
    host, other = pair.host, pair.outlier
    if other is None:
        return f"this panel is {WORDS[pair.violation]}"
    if pair.tier == "finding":
        return f"this panel shows {other.finding}"
    if pair.tier == "view":
        return f"this panel is a {other.view} view while the others are {host.view}"
    if pair.tier == "anatomy":
        return f"this panel shows the {other.region} while the others show the {host.region}"
    return f"this panel is {other.modality} while the others are {host.modality}"


def describe(grid: Grid) -> str:
    """The panels in words, as one who sees them would put it: place, kind and finding, or what is wrong with one."""

    def told(place: int, case: Case) -> str:
        if grid.fault and grid.fault != DUPLICATE and place == grid.outlier:
            return WORDS[grid.fault]
        return f"{case.kind.modality} {case.kind.anatomy} {case.view} {case.finding}".replace("  ", " ")

    words = [told(place, case) for place, case in enumerate(grid.cases)]
    if grid.fault == DUPLICATE and grid.outlier is not None:
        words[grid.outlier] += ", " + WORDS[DUPLICATE]
    return "; ".join(f"{name}: {said}" for name, said in zip(positions(grid.n), words, strict=True))


def compose(panels: Sequence[Pixels], n: int, boxed: int | None) -> Pixels:
    """Panels side by side, resized as the processor resizes a grid, with a red box round one."""
    rows = [np.concatenate(panels[row * n : (row + 1) * n], axis=1) for row in range(n)]
    whole = np.concatenate(rows, axis=0)
    if boxed is not None:
        whole = draw_box(whole, SINGLE, boxed // n, boxed % n)
    return resize(whole, SINGLE)


def draw_box(whole: Pixels, panel: int, row: int, column: int) -> Pixels:
    """A red frame, 6 px thick where a panel has 336 px, inside the panel's border."""
    whole = whole.copy()
    thick = max(1, round(6 * panel / 336))
    top, left = row * panel, column * panel
    inner = whole[top + thick : top + panel - thick, left + thick : left + panel - thick].copy()
    whole[top : top + panel, left : left + panel] = (255, 0, 0)
    whole[top + thick : top + panel - thick, left + thick : left + panel - thick] = inner
    return whole


def tally(grid: Grid) -> Counter[str]:
    """How many panels show each modality."""
    return Counter(case.kind.modality for case in grid.cases)


def _pairing(rng: np.random.Generator, pool: Pool, tier: str, need: int) -> Pairing:
    """A pairing of the tier that the pool allows: each violation equally often, then hosts by their number."""
    by_violation: dict[str, list[Pairing]] = defaultdict(list)
    for pair in pool.pairs[tier]:
        if len(pool.groups[pair.host]) >= need:
            by_violation[pair.violation].append(pair)
    names = sorted(by_violation)
    chosen = by_violation[names[int(rng.integers(len(names)))]]
    weights = np.array([len(pool.groups[pair.host]) for pair in chosen], float)
    return chosen[int(rng.choice(len(chosen), p=weights / weights.sum()))]


def _box(rng: np.random.Generator, n: int, outlier: int | None) -> int:
    if outlier is not None and rng.random() < 0.6:
        return outlier
    return int(rng.choice([place for place in range(n * n) if place != outlier]))


def _some(rng: np.random.Generator, indices: Sequence[int], k: int) -> list[int]:
    return [indices[i] for i in rng.permutation(len(indices))[:k]]
