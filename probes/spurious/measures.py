"""What is concluded: accuracy, gaps and influence of region clusters (association), and flips (counterfactual)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from audit.core.contrast import AgainstCondition, BetweenSlices, FlipRate, OwnTest
from audit.core.item import CLEAN
from audit.core.measure import Measure, share
from audit.core.observation import ModelRole, Observation
from probes.spurious.conditions import ANYWHERE, WORST, WORST_CONTROL, Edit, edited, edits_among, flip, is_nuisance
from probes.spurious.derive import WORST_TAG
from probes.spurious.discovery.permutation import max_gap_p
from probes.spurious.discovery.totals import influence_share, performance_gap
from probes.spurious.rates import having, looked_up, of_class, of_half, right_row
from probes.spurious.table import Judged, cluster_names, judged

CONTROLS = ("neutral", "shuffled", "constant")
FEWEST = 10
"""Patients on each side below which accuracy with and without a region cluster is not compared."""
ASSOCIATION, COUNTERFACTUAL = {"evidence": "association"}, {"evidence": "counterfactual"}
ESTIMATION = "estimation"
_TESTED = (
    "Exchanging what was said among patients of equal class, a gap as large in any region cluster of its kind comes "
    "about with chance {p}. A small chance says that the region hangs together with errors: not that it causes them, and "
    "it may be true difficulty."
)
_DONE: Mapping[Edit, tuple[str, str, str]] = {
    "removed": ("is removed", "a region as large is removed at random", "removing as much at random"),
    "pasted": ("is pasted in", "a random patch as large is pasted there", "pasting a random patch at the same place"),
}


def measures_of(observations: Sequence[Observation]) -> tuple[Measure, ...]:
    """All measures that the observations (with the derived ones) allow. What is compared is chosen by the answers of
    the audited model on the discovery half, and estimated on the other."""
    mine = [row for row in observations if row.model == "model"] or list(observations)
    strict = [row for row in mine if row.scoring == "strict"]
    clean = [row for row in strict if row.condition == CLEAN]
    if not clean:
        return ()
    asked = frozenset(row.condition for row in mine)
    made: list[Measure] = [_accuracy(clean, asked)]
    for name in compared(observations):
        made += _of_cluster(observations, clean, name)
    conditions = dict.fromkeys(row.condition for row in strict)
    for edit, name in edits_among(conditions):
        if flip(edited(edit, name, control=True)) in conditions:
            made += _flips(edit, name)
    return (*made, *_of_all(strict))


def compared(observations: Sequence[Observation]) -> tuple[str, ...]:
    """The region clusters whose accuracy is compared: those without clinical meaning, and those that the rules of RaVL
    keep on the discovery half."""
    role: ModelRole = "model" if any(row.model == "model" for row in observations) else "base"
    first = judged(observations, role, "discovery")
    kept = () if first is None else first.kept
    seen = defaultdict(set)
    for row in observations:
        if row.condition == CLEAN and row.tags["half"] == ESTIMATION:
            for name in row.tags["regions"].split():
                seen[name].add(row.cluster)
    names = [name for name in cluster_names(observations) if len(seen[name]) >= FEWEST]
    return tuple(name for name in names if is_nuisance(name) or name in kept)


def _accuracy(clean: Sequence[Observation], asked: frozenset[str]) -> Measure:
    return Measure(
        "spurious.accuracy", "Images classified right",
        "{value} images were classified correctly, as they are.",
        right_row, share, null=round(1 / len(clean[0].tags["classes"].split("|")), 4),
        against=tuple(name for name in CONTROLS if name in asked), headline=True, needs_vision=True,
    )  # fmt: skip


def _of_cluster(observations: Sequence[Observation], clean: Sequence[Observation], name: str) -> Iterator[Measure]:
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
    tables = {role: judged(observations, role, ESTIMATION) for role in _ROLES}
    known = {role: table for role, table in tables.items() if table is not None and name in table.clusters}
    rows = looked_up({role: table.rows(name) for role, table in known.items()})
    if any(performance_gap(_sums(table, name)) > 0 for table in known.values()):
        yield OwnTest(
            "spurious.performance_gap", f"Performance gap of {name} (score)",
            f"Accuracy with and without a region of {name} differs by {{value}}, summed over classes and weighted by "
            "how evenly they are split (G of RaVL, on the estimation half; 0: no difference).",
            rows, performance_gap, kind="statistic", direction="lower", null=0.0,
            tags={"cluster": name, **ASSOCIATION}, test=_permuted(observations, name), tested=_TESTED,
        )  # fmt: skip
    if any(np.isfinite(influence_share(_sums(table, name))) for table in known.values()):
        yield Measure(
            "spurious.influence", f"Influence of {name} (score)",
            f"Of wrongly classified images with a region of {name}, in the class that suffers most, the region that "
            "speaks most for the wrong answer lies in it with a share of {value} (H of RaVL).",
            rows, influence_share, kind="statistic", direction="lower", tags={"cluster": name, **ASSOCIATION},
        )  # fmt: skip


_ROLES: tuple[ModelRole, ...] = ("model", "base")


def _sums(table: Judged, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array(list(table.rows(name).values()), dtype=np.float64).sum(axis=0)


def _permuted(
    observations: Sequence[Observation], name: str
) -> Callable[[ModelRole, np.random.Generator], float]:
    """The test of a cluster: its p among all, by the permutation that keeps the rules and takes the maximum."""

    def test(role: ModelRole, rng: np.random.Generator) -> float:
        table = judged(observations, role, ESTIMATION)
        if table is None:
            return float("nan")
        alike = np.array([is_nuisance(other) == is_nuisance(name) for other in table.clusters])
        found = max_gap_p(table.table, table.assignment, len(table.clusters), rng, among=alike)
        return float(found.adjusted[table.clusters.index(name)])

    return test


def _flips(edit: Edit, name: str) -> Iterator[Measure]:
    """The flip rate under one intervention on one cluster, and less that of its control."""
    own, control = flip(edited(edit, name)), flip(edited(edit, name, control=True))
    done, instead, than = _DONE[edit]
    tags = {"cluster": name, "intervention": edit, **COUNTERFACTUAL}
    what = f"Answers that flip where {name} {done}"
    yield FlipRate(
        "spurious.flip_rate", what,
        f"{{value}} images got another answer where {name} {done}.",
        of_half(right_row, ESTIMATION), share, condition=own, direction="lower", tags=tags, control=control,
    )  # fmt: skip
    yield AgainstCondition(
        "spurious.flip_rate", f"{what}, less where {instead}", "",
        of_half(right_row, ESTIMATION), share, condition=own, direction="lower", null=0.0, tags=tags,
        reference=control, comparison="vs_control", than=than,
    )  # fmt: skip


def _of_all(strict: Sequence[Observation]) -> Iterator[Measure]:
    """The endpoint, and how easily answers flip when anything at all is removed."""
    worst = [row for row in strict if row.condition == WORST]
    if worst:
        name = worst[0].tags[WORST_TAG]
        yield FlipRate(
            "spurious.flip_rate", "Answers that flip under removal of the worst region without clinical meaning",
            f"{{value}} images got another answer where regions of {name} were removed: of the regions without "
            "clinical meaning the ones whose removal flipped most answers on the other half of the patients.",
            right_row, share, condition=WORST, direction="lower", headline=True, control=WORST_CONTROL,
        )  # fmt: skip
    removals = [flip(edited(edit, name, control=True)) for edit, name in edits_among(_named(strict)) if edit == "removed"]
    singles = tuple(name for name in dict.fromkeys(removals) if any(row.condition == name for row in strict))
    if singles and any(row.condition == ANYWHERE for row in strict):
        yield FlipRate(
            "spurious.random_flip_rate", "Answers that flip under removal of random regions",
            "{value} removals of a region drawn by chance changed the answer: what a model does where nothing of "
            "interest was touched.",
            of_half(right_row, ESTIMATION), share, condition=ANYWHERE, direction="lower", flips=singles,
        )  # fmt: skip


def _named(strict: Sequence[Observation]) -> dict[str, None]:
    return dict.fromkeys(row.condition for row in strict)
