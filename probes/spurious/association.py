"""What is concluded by association: accuracy with and without a region, the performance gap, the influence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.core.contrast import BetweenSlices, OwnTest
from audit.core.item import CLEAN
from audit.core.measure import Measure, share
from audit.core.observation import ModelRole, Observation
from probes.spurious.conditions import is_nuisance
from probes.spurious.discovery.permutation import max_gap_p
from probes.spurious.discovery.totals import influence_columns, signed_gap
from probes.spurious.rates import having, looked_up, of_class, of_half, right_row
from probes.spurious.table import Judged, cluster_names, judged

if TYPE_CHECKING:
    from numpy.typing import NDArray

ASSOCIATION, ESTIMATION = {"evidence": "association"}, "estimation"
FEWEST = 10
"""Patients on each side below which accuracy with and without a region cluster is not compared."""
_TESTED = (
    "Exchanging what was said among patients of equal class, a gap as large in any region cluster of its kind comes "
    "about with chance {p}. A small chance says that the region hangs together with errors: not that it causes them, "
    "and it may be true difficulty."
)


@dataclass(frozen=True, eq=False)
class Halves:
    """What was said, as tables: by the audited model (by the base where it stands alone) on the discovery half, which
    chooses what is compared, and by each model on the estimation half."""

    first: Judged | None
    own: Mapping[ModelRole, Judged]

    @classmethod
    def of(cls, observations: Sequence[Observation]) -> Halves:
        """The tables of these observations."""
        roles = [role for role in _ROLES if any(row.model == role for row in observations)]
        tables = {role: judged(observations, role, ESTIMATION) for role in roles}
        first = judged(observations, roles[0], "discovery") if roles else None
        return cls(first, {role: table for role, table in tables.items() if table is not None})


_ROLES: tuple[ModelRole, ...] = ("model", "base")


def compared(observations: Sequence[Observation], halves: Halves) -> tuple[str, ...]:
    """The region clusters whose accuracy is compared: those without clinical meaning, and those that the rules of RaVL
    keep on the discovery half."""
    kept = () if halves.first is None else halves.first.kept
    seen = defaultdict(set)
    for row in observations:
        if row.condition == CLEAN and row.tags["half"] == ESTIMATION:
            for name in row.tags["regions"].split():
                seen[name].add(row.cluster)
    names = [name for name in cluster_names(observations) if len(seen[name]) >= FEWEST]
    return tuple(name for name in names if is_nuisance(name) or name in kept)


def associations(halves: Halves, clean: Sequence[Observation], name: str) -> Iterator[Measure]:
    """Accuracy with and without the region cluster, class by class; the performance gap; the influence."""
    here = [row for row in clean if row.tags["half"] == ESTIMATION]
    inside = having(name)
    mixed = ", at equal view" if len({row.tags.get("mix") for row in here}) > 1 else ""
    for label in sorted({row.tags["class"] for row in here}):
        own = [row for row in here if row.tags["class"] == label]
        counts = [len({row.cluster for row in own if bool(inside(row)) == side}) for side in (True, False)]
        if min(counts) < FEWEST:
            continue
        yield BetweenSlices(
            "spurious.accuracy", f"{label} classified right with a region of {name}, less without{mixed}",
            "", of_class(of_half(right_row, ESTIMATION), label), share, null=0.0,
            tags={"cluster": name, "class": label, **ASSOCIATION}, within=inside,
            stratum=(lambda seen: seen.tags["mix"]) if mixed else None,
        )  # fmt: skip
    yield from _of_gap(halves, name)


def _of_gap(halves: Halves, name: str) -> Iterator[Measure]:
    """Gap and influence on the estimation half, in the direction and for the class that the discovery half shows."""
    first = halves.first
    known = {role: table for role, table in halves.own.items() if name in table.clusters}
    if first is None or name not in first.clusters:
        return
    gaps = first.gaps.g[first.clusters.index(name)]
    signs = tuple(float(sign) for sign in np.nan_to_num(np.sign(gaps)))
    rows = {role: table.rows(name) for role, table in known.items()}
    statistic = signed_gap(signs)
    if any(signs) and any(np.isfinite(statistic(_sum(own))) for own in rows.values()):
        yield OwnTest(
            "spurious.performance_gap", f"Performance gap of {name} (score)",
            f"Accuracy with and without a region of {name} differs by {{value}}, summed over classes in the directions "
            "that the other half of the patients shows, weighted by how evenly classes are split (0: no difference).",
            looked_up(rows), statistic, kind="statistic", direction="lower", null=0.0,
            tags={"cluster": name, **ASSOCIATION}, test=_permuted(halves, name, signs), tested=_TESTED,
        )  # fmt: skip
    label = _suffering(first, name)
    if label is not None and any(_pulled(row, label) for own in rows.values() for row in own.values()):
        pulled = {role: {i: _pulled(row, label) or () for i, row in own.items()} for role, own in rows.items()}
        yield Measure(
            "spurious.influence", f"Influence of {name} among images of {first.classes[label]}",
            f"In {{value}} wrongly classified images of {first.classes[label]} with a region of {name} it is the one "
            "that speaks most for the wrong answer (H of RaVL, for the class that the other half chose).",
            lambda seen: looked_up(pulled)(seen) or None, share, direction="lower",
            tags={"cluster": name, **ASSOCIATION},
        )  # fmt: skip


def _suffering(first: Judged, name: str) -> int | None:
    """The class of which the region cluster explains most wrong answers on the discovery half; None where none
    qualifies."""
    totals = _sum(first.rows(name))
    gaps = first.gaps.g[first.clusters.index(name)]
    shares = {}
    for label in range(len(first.classes)):
        hit, asked = influence_columns(totals, label)
        if asked > 0 and gaps[label] < 0:
            shares[label] = hit / asked
    return max(shares, key=lambda label: (shares[label], -label), default=None)


def _pulled(row: Sequence[float], label: int) -> tuple[float, float] | None:
    """(hit, asked) of an image, None where it was not asked."""
    hit, asked = influence_columns(np.array(row, dtype=np.float64), label)
    return (float(hit), float(asked)) if asked > 0 else None


def _sum(rows: Mapping[str, Sequence[float]]) -> NDArray[np.float64]:
    return np.asarray(np.array(list(rows.values()), dtype=np.float64).sum(axis=0))


def _permuted(halves: Halves, name: str, signs: Sequence[float]) -> Callable[[ModelRole, np.random.Generator], float]:
    """The test of a cluster: its p among those of its kind, by the permutation test that takes the maximum; 1 where the
    gap does not go in the direction of the other half."""

    def test(role: ModelRole, rng: np.random.Generator) -> float:
        table = halves.own.get(role)
        if table is None or name not in table.clusters:
            return float("nan")
        if not signed_gap(signs)(_sum(table.rows(name))) > 0:
            return 1.0
        alike = np.array([is_nuisance(other) == is_nuisance(name) for other in table.clusters])
        found = max_gap_p(table.table, table.assignment, len(table.clusters), rng, among=alike)
        return float(found.adjusted[table.clusters.index(name)])

    return test
