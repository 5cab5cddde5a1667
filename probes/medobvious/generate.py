"""Base grids from any labelled images: positions and violations are balanced, and no patient comes twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from audit.core.canonical import digest
from audit.core.dataset import Record
from audit.data.clusters import connected_components
from probes.medobvious.config import Options
from probes.medobvious.grids import Panel
from probes.medobvious.pairings import Pairing, pairings
from probes.medobvious.pools import Pools
from probes.medobvious.violations import DUPLICATE


@dataclass(frozen=True)
class BaseGrid:
    """A grid with an outlier and the same grid without it.

    `panels` and `clean` hold n*n panels in reading order and differ at `position` (0-based) only; `other` is the second
    position of a duplicate, which is as right an answer. `sources` are the patients and images that it shows.
    """

    n: int
    tier: str
    violation: str
    anomaly: str
    panels: tuple[Panel, ...]
    clean: tuple[Panel, ...]
    position: int
    other: int | None
    sources: tuple[str, ...]
    cluster: str = ""

    @property
    def id(self) -> str:
        """A name that the same grid has in every run."""
        shown = [[panel.record, panel.fault] for panel in (*self.panels, *self.clean)]
        return f"{self.tier}_{self.n}x{self.n}_{digest([self.violation, shown])[:10]}"


@dataclass(frozen=True)
class Generated:
    """Base grids, and in words what could not be made."""

    grids: tuple[BaseGrid, ...]
    skipped: tuple[str, ...]


_NEEDS = {
    "modality": "needs at least {hosts} images of one modality and anatomy and one of another modality",
    "anatomy": "needs 2 anatomies with at least {hosts} images (and 1) each in one modality",
    "view": "needs 2 views with at least {hosts} images (and 1) each in one modality and anatomy",
    "finding": "needs at least {hosts} normal images and one with a finding in one modality, anatomy and view",
    "integrity": "needs at least {hosts} images of one modality and anatomy",
}


def generate(records: Sequence[Record], options: Options, rng: np.random.Generator) -> Generated:
    """Draw `options.n_grids` base grids, spread over tiers and sizes; fewer where the images run out.

    Sizes get equal shares of the grids, or fewer large ones where images are few; tiers take turns. Within a tier each
    violation is used as often as any other that is still possible. Every position holds the outlier equally often, to
    within one, among the grids of one size.
    """
    pools = Pools.of(records, options.grids_per_patient)
    pairs = {tier: pairings(tier, tuple(pools.free)) for tier in options.by}
    drawn: list[tuple[Pairing, int, list[Record]]] = []
    made: Counter[tuple[str, int]] = Counter()
    for n, wanted in _rounds(options, pools):
        uses: Counter[str] = Counter()
        active = list(options.by)
        while len(drawn) < wanted and active:
            for tier in list(active):
                found = _draw(pairs[tier], n, pools, uses, rng) if len(drawn) < wanted else None
                if found is None and len(drawn) < wanted:
                    active.remove(tier)
                elif found is not None:
                    drawn.append((found[0], n, found[1]))
                    made[tier, n] += 1
    grids = _placed(drawn, rng)
    # With few images and patients used again, the same grid may be drawn twice: it is asked once.
    grids = list({grid.id: grid for grid in grids}.values())
    return Generated(_clustered(grids), tuple(_skipped(options, made, len(grids))))


def _rounds(options: Options, pools: Pools) -> list[tuple[int, int]]:
    """(size, grids to have after it): large sizes first, which need many images of one kind, the smallest last.

    Where images are too few for equal shares, a size gets images in inverse proportion to what one grid needs, since
    the number of grids decides what can be concluded.
    """
    sizes = options.sizes[::-1]
    images = pools.total / sum(1 / (n * n + 1) for n in sizes)
    rounds, total = [], 0
    for place, n in enumerate(sizes):
        fair = options.n_grids * (place + 1) // len(sizes) - options.n_grids * place // len(sizes)
        total += min(fair, int(images / (n * n + 1) ** 2))
        rounds.append((n, total))
    return [*rounds, (options.sizes[0], options.n_grids)]


def _draw(
    pairs: Sequence[Pairing], n: int, pools: Pools, uses: Counter[str], rng: np.random.Generator
) -> tuple[Pairing, list[Record]] | None:
    """Images for one base grid, by a pairing that is possible and whose violation has been used least."""
    left = {group: pools.left(group) for group in pools.free}
    possible = [
        pair for pair in pairs if left[pair.host] >= n * n and (pair.outlier is None or left[pair.outlier] >= 1)
    ]
    while possible:
        known = [pair for pair in possible if pair.host.region]
        possible = known or possible
        fewest = min(uses[pair.violation] for pair in possible)
        least = [pair for pair in possible if uses[pair.violation] == fewest]
        weights = np.array([left[pair.host] for pair in least], dtype=np.float64)
        pair = least[int(rng.choice(len(least), p=weights / weights.sum()))]
        records = pools.take(pair.host, n * n, pair.outlier, rng)
        if records is not None:
            uses[pair.violation] += 1
            return pair, records
        possible = [other for other in possible if other is not pair]
    return None


def _placed(drawn: Sequence[tuple[Pairing, int, list[Record]]], rng: np.random.Generator) -> list[BaseGrid]:
    """Base grids with their outliers at positions that take turns in a random order, for each size."""
    queues: dict[int, list[int]] = {}
    grids = []
    for pair, n, records in drawn:
        queue = queues.setdefault(n, [])
        if not queue:
            queue.extend(int(place) for place in rng.permutation(n * n))
        grids.append(_base_grid(pair, n, records, queue.pop(), rng))
    return grids


def _base_grid(pair: Pairing, n: int, records: Sequence[Record], position: int, rng: np.random.Generator) -> BaseGrid:
    clean = [Panel(record.id) for record in records[: n * n]]
    panels = list(clean)
    other: int | None = None
    if pair.outlier is not None:
        panels[position] = Panel(records[n * n].id)
    elif pair.violation == DUPLICATE:
        other = int(rng.choice([place for place in range(n * n) if place != position]))
        panels[position] = clean[other]
    else:
        seed = int(digest([clean[position].record, pair.violation])[:8], 16)
        panels[position] = replace(clean[position], fault=pair.violation, seed=seed)
    sources = tuple(dict.fromkeys(key for record in records for key in (f"c:{record.cluster}", f"r:{record.id}")))
    return BaseGrid(n, pair.tier, pair.violation, pair.anomaly, tuple(panels), tuple(clean), position, other, sources)


def _clustered(grids: Sequence[BaseGrid]) -> tuple[BaseGrid, ...]:
    """The grids with their cluster: the connected component of base grids that share a patient or an image."""
    component = connected_components([(grid.id, *grid.sources) for grid in grids])
    return tuple(replace(grid, cluster=component[grid.id]) for grid in grids)


def _skipped(options: Options, made: Counter[tuple[str, int]], total: int) -> list[str]:
    said = []
    for tier in options.by:
        absent = [n for n in options.sizes if not made[tier, n]]
        if len(absent) == len(options.sizes):
            said.append(f"{tier}: {_NEEDS[tier].format(hosts=options.sizes[0] ** 2)}")
        else:
            said += [f"{tier}, {n}x{n}: {_NEEDS[tier].format(hosts=n * n)}, not used in another grid" for n in absent]
    if total < options.n_grids:
        who = "the patients (or images) that are left allow no more; grids_per_patient above 1 uses them again"
        said.append(f"{options.n_grids - total} of {options.n_grids} grids: {who}")
    return said
