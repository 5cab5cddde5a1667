"""One setting tried: what each method finds in the same evaluation set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from audit.app.benching.setting import LEARNED, Setting, Stage, generator
from audit.core.canonical import Json

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from probes.spurious.discovery.region_table import RegionTable

ALPHA = 0.05
PERMUTATIONS = 499
METHODS = {
    "tested": "RaVL on halves of the patients, permutation p at most .05",
    "published": "RaVL as published, all images, no p",
    "random": "random order",
    "domino": "Domino",
    "confidence": "confidence in wrong answers",
}


@dataclass(frozen=True)
class Outcome:
    """What a method makes of an evaluation set. `found` says whether it names anything at all (a baseline always
    does), `precision` is Precision@10 (0 where nothing is found), `p` that of the largest gap, NaN without a test;
    `attribute` the class that the first region cluster helps, -1 without one."""

    found: bool
    precision: float
    p: float = float("nan")
    attribute: int = -1

    def plain(self) -> dict[str, Json]:
        """As plain data."""
        tested = self.p == self.p
        told: dict[str, Json] = {"found": self.found, "precision_at_10": self.precision, "attribute": self.attribute}
        return {**told, "p": self.p} if tested else told


def tried(stage: Stage, setting: Setting, seed: int) -> dict[str, Json]:
    """Play a setting and try all methods on it: one plain row. Deterministic by seed and setting."""
    import torch

    torch.set_num_threads(1)  # results do not depend on the number of cores
    played = stage.play(setting)
    rng = generator(seed, "methods", setting.name)
    outcomes = methods(played.table, played.holds, rng)
    correct = played.table.correct
    return {
        "name": setting.name,
        **vars(setting),
        "learned": played.learned.plain(),
        "counts": setting.v > 0 and played.learned.rise >= LEARNED,
        "accuracy": round(float(correct.mean()), 4),
        "share_of_regions": round(float(played.holds.mean()), 4),
        "methods": {name: outcome.plain() for name, outcome in outcomes.items()},
    }


def tried_clean(stage: Stage, setting: Setting, seed: int) -> dict[str, Json]:
    """Play a setting without correlation and say whether anything is found: one plain row.

    `dealt` is the same test where the predictions of each class are dealt out anew among its images, so that errors
    hang together with nothing: what it finds is chance, where `tested` may also find what this model is truly worse at.
    """
    import torch

    from probes.spurious.discovery.ravl import ravl

    torch.set_num_threads(1)
    played = stage.play(setting)
    first, second, third, fourth = generator(seed, "methods", setting.name).spawn(4)
    whole = ravl(played.table, first)
    published = Outcome(
        bool(whole.kept), precision_at_10(whole.ranking, played.holds), attribute=_attribute(whole.kept)
    )
    made = {
        "tested": on_halves(played.table, played.holds, second),
        "published": published,
        "dealt": on_halves(dealt(played.table, third), played.holds, fourth),
    }
    return {
        "name": setting.name,
        **vars(setting),
        "learned": played.learned.plain(),
        "accuracy": round(float(played.table.correct.mean()), 4),
        "methods": {name: outcome.plain() for name, outcome in made.items()},
    }


def dealt(table: RegionTable, rng: np.random.Generator) -> RegionTable:
    """The table with the predictions of each class dealt out anew among its images."""
    import numpy as np

    predictions = table.predictions.copy()
    for label in np.unique(table.labels):
        rows = np.flatnonzero(table.labels == label)
        predictions[rows] = rng.permutation(predictions[rows])
    return replace(table, predictions=predictions)


def methods(table: RegionTable, holds: NDArray[np.bool_], rng: np.random.Generator) -> dict[str, Outcome]:
    """Every method on one table; each gets a generator of its own."""
    from probes.spurious.discovery.baselines import BASELINES
    from probes.spurious.discovery.ravl import ravl

    first, second, *others = rng.spawn(2 + len(BASELINES))
    whole = ravl(table, first)
    made = {
        "tested": on_halves(table, holds, second),
        "published": Outcome(bool(whole.kept), precision_at_10(whole.ranking, holds), attribute=_attribute(whole.kept)),
    }
    for (name, ranked), own in zip(BASELINES.items(), others, strict=True):
        made[name] = Outcome(True, precision_at_10(ranked(table, own), holds))
    return made


def on_halves(table: RegionTable, holds: NDArray[np.bool_], rng: np.random.Generator) -> Outcome:
    """Region clusters of one half of the patients, judged on the other half: those that the rules keep and whose
    adjusted permutation p is at most .05, the largest gap first."""
    import numpy as np

    from probes.spurious.discovery.clustering import assign, cluster, published_ks, similarity
    from probes.spurious.discovery.halves import discovery_half
    from probes.spurious.discovery.permutation import max_gap_p
    from probes.spurious.discovery.ravl import kept_clusters

    first = discovery_half(table.labels, table.patients, rng)
    half = table.of(np.flatnonzero(first))
    found = cluster(half.embeddings, published_ks(table.n_classes), rng)
    if found is None:
        return Outcome(False, 0.0, 1.0)
    images = np.flatnonzero(~first)
    rest, medoids = table.of(images), half.embeddings[found.medoids]
    assignment = assign(rest.embeddings, medoids)
    test = max_gap_p(rest, assignment, found.k, rng, PERMUTATIONS)
    kept = [
        one
        for one in kept_clusters(rest, assignment, similarity(rest.embeddings, medoids))
        if test.adjusted[one.region_cluster] <= ALPHA
    ]
    ranking = np.concatenate([np.empty(0, np.intp), *(one.regions for one in kept)])
    precision = precision_at_10(ranking, holds[table.regions_of(images)])
    return Outcome(bool(kept), precision, test.p, _attribute(kept))


def precision_at_10(ranking: NDArray[np.intp], holds: NDArray[np.bool_]) -> float:
    """Precision@10, loaded when it is needed."""
    from probes.spurious.discovery.precision import precision_at

    return precision_at(ranking, holds)


def _attribute(kept: Any) -> int:
    return kept[0].attribute if kept else -1
