"""Coverage: how often the intervals that a run is made of hold a truth that is known in closed form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from audit.app.selftest.draws import beta_binomial, disagreeing, f1, f1_truth, shares, tables, two_shares, two_slices
from audit.app.selftest.runner import ALONE, Runner
from audit.app.selftest.tally import Tally
from audit.core.canonical import Json
from audit.core.measure import share
from audit.policy.evidence import Difference, Evidence, Figure, Share
from audit.policy.evidence_slices import Gap
from audit.stats.bootstrap import bootstrap
from audit.stats.did import did
from audit.stats.paired import paired
from audit.stats.slices import slice_difference
from probes.medobvious.rates import youden

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RESAMPLES = 1000
CHUNK = 100
J_PARTS = ((0, 1, 1.0), (2, 3, -1.0))
Kind = Literal["exact", "clustered", "bootstrap"]
BANDS: dict[Kind, tuple[float, float]] = {"exact": (0.95, 1.0), "clustered": (0.93, 0.97), "bootstrap": (0.94, 0.97)}
"""What each kind of interval promises of its coverage at the level 0.95. Exact ones may be wide, never short;
Korn-Graubard is known to fall to 0.93 where few clusters are strongly correlated."""


@dataclass(frozen=True)
class Design:
    """A way of drawing evidence of which the truth is known."""

    name: str
    kind: Kind
    truth: float
    draw: Callable[[np.random.Generator], Evidence]


@dataclass(frozen=True)
class Covered:
    """How many of the intervals held the truth. An interval that could not be given held nothing."""

    name: str
    kind: Kind
    held: Tally

    @property
    def band(self) -> tuple[float, float]:
        """What was promised."""
        return BANDS[self.kind]

    def plain(self) -> dict[str, Json]:
        """As plain data."""
        return {"name": self.name, "kind": self.kind, "held": self.held.plain(), "band": list(self.band)}


def coverage(runs: int, *, runner: Runner = ALONE) -> tuple[Covered, ...]:
    """Every design, `runs` times, intervals at 95%."""
    tasks = {
        f"coverage: {design.name}, {start} to {min(start + CHUNK, runs)}": (place, start, min(CHUNK, runs - start))
        for place, design in enumerate(DESIGNS)
        for start in range(0, runs, CHUNK)
    }

    def work(task: tuple[int, int, int]) -> int:
        place, start, count = task
        design, rng = DESIGNS[place], np.random.default_rng([runner.seed, place, start])
        found = (design.draw(rng).interval(0.95) for _ in range(count))
        return sum(interval is not None and interval.covers(design.truth) for interval in found)

    held = dict.fromkeys(range(len(DESIGNS)), 0)
    results: Sequence[Any] = runner.results(work, tasks, lambda _: {"resamples": RESAMPLES})
    for (place, _, _), hits in zip(tasks.values(), results, strict=True):
        held[place] += hits
    return tuple(Covered(design.name, design.kind, Tally(held[n], runs)) for n, design in enumerate(DESIGNS))


def _share(clusters: int, size: int, p: float, icc: float) -> Design:
    kind: Kind = "exact" if icc == 0 and size == 1 else "clustered"
    name = f"share {p:g}, {clusters} clusters of {size}" + (f", ICC {icc:g}" if icc else "")
    return Design(name, kind, p, lambda rng: Share(shares(clusters, size, p, icc, rng)))


def _unequal(p: float, icc: float) -> Design:
    sizes = np.repeat([12.0, 6.0, 2.0], [4, 12, 24])

    def draw(rng: np.random.Generator) -> Evidence:
        return Share(np.column_stack([beta_binomial(sizes, p, icc, rng), sizes]))

    return Design(f"share {p:g}, 40 clusters of 2 to 12, ICC {icc:g}", "clustered", p, draw)


def _youden(clusters: int, found: float, alarms: float, icc: float, kind: Kind) -> Design:
    def draw(rng: np.random.Generator) -> Evidence:
        totals = two_shares(clusters, found, alarms, icc, rng)
        return Figure(bootstrap(totals, youden, rng, RESAMPLES), totals, J_PARTS, np.full(clusters, 8.0))

    name = f"Youden's J, {found:g} and {alarms:g}, {clusters} clusters of 8, ICC {icc:g}"
    return Design(name, kind, found - alarms, draw)


def _f1(clusters: int) -> Design:
    def draw(rng: np.random.Generator) -> Evidence:
        return Figure(bootstrap(tables(clusters, 0.8, 0.2, 0.2, rng), f1, rng, RESAMPLES))

    return Design(f"F1, {clusters} clusters of 2 to 8, ICC 0.2", "bootstrap", f1_truth(0.8, 0.2), draw)


def _difference(clusters: int, size: int, plus: float, minus: float, kind: Kind) -> Design:
    def draw(rng: np.random.Generator) -> Evidence:
        return Difference(paired(*disagreeing(clusters, size, plus, minus, rng), share, rng, RESAMPLES), 1.0)

    name = f"difference of models, {plus:.0%} better and {minus:.0%} worse, {clusters} clusters of {size}"
    return Design(name, kind, plus - minus, draw)


def _slices(patients: int) -> Design:
    def draw(rng: np.random.Generator) -> Evidence:
        return Gap(slice_difference(*two_slices(patients, rng), share, rng, RESAMPLES), 1.0)

    return Design(f"slice less rest, {patients} patients, half of them in both", "bootstrap", 0.0, draw)


def _did(clusters: int) -> Design:
    def draw(rng: np.random.Generator) -> Evidence:
        first = disagreeing(clusters, 3, 0.2, 0.1, rng)
        second = disagreeing(clusters, 3, 0.15, 0.15, rng)
        return Gap(did(first, second, share, rng, RESAMPLES), 2.0)

    return Design(f"difference of differences, twice {clusters} clusters of 3", "bootstrap", 0.1, draw)


DESIGNS = (
    _share(48, 1, 0.05, 0.0),
    _share(48, 1, 0.5, 0.0),
    _share(48, 1, 0.95, 0.0),
    _share(200, 1, 0.1, 0.0),
    _difference(60, 1, 0.03, 0.03, "exact"),
    _difference(60, 1, 0.0, 0.02, "exact"),
    _difference(60, 4, 0.01, 0.02, "exact"),
    _youden(48, 0.97, 0.02, 0.2, "exact"),
    _share(60, 4, 0.1, 0.1),
    _share(60, 4, 0.8, 0.2),
    _unequal(0.5, 0.2),
    _youden(100, 0.8, 0.2, 0.2, "bootstrap"),
    _f1(60),
    _f1(120),
    _difference(200, 1, 0.10, 0.06, "bootstrap"),
    _difference(80, 3, 0.12, 0.12, "bootstrap"),
    _slices(80),
    _did(80),
)
