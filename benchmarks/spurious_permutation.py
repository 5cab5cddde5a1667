"""How often the permutation p of discovery calls a clean model, and a planted shortcut, a finding: seeded Monte Carlo.

`python benchmarks/spurious_permutation.py [runs]` prints the table of docs/spurious-discovery.md. Two other tests stand
beside it that must not be used: one that exchanges images instead of patients, and one that asks the influence rule of
permuted predictions again.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.exchange import exchange
from probes.spurious.discovery.permutation import kept_gaps, max_gap_p
from probes.spurious.discovery.region_table import RegionTable

ALPHA = 0.05
PERMUTATIONS, FEW_PERMUTATIONS = 199, 99
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Design:
    """`patients` have as many images as one of `images` says; right with probability `right`, which varies by patient
    with standard deviation `by_patient`. Regions fall into `k` clusters with preferences of the class and, by a weight
    of `own`, of the patient. `leads`: a region of cluster 0, in a share `present` of the images, has the largest score
    of whatever the model says. `pulls`: such a region has the image called class 0 with this probability."""

    patients: int = 150
    images: tuple[int, ...] = (1,)
    classes: int = 4
    k: int = 20
    regions: int = 4
    right: float = 0.75
    by_patient: float = 0.0
    own: float = 0.5
    leads: bool = False
    pulls: float = 0.0
    present: float = 0.5


CLEAN = {
    "one image each": Design(),
    "two classes, few patients": Design(patients=60, classes=2, k=6),
    "1 to 3 images, patients differ": Design(images=(1, 2, 3), by_patient=0.3),
    "4 images, patients differ": Design(patients=60, images=(4,), classes=2, k=8, by_patient=0.6, own=0.9),
    "a cluster leads every answer": Design(patients=300, k=8, regions=10, leads=True),
}
# Slow: the rules run once for each permutation.
ASKED_AGAIN = ("one image each", "a cluster leads every answer", "300 patients, pulls 0.4")
PLANTED = {
    f"{patients} patients, pulls {pulls}": Design(patients=patients, k=8, pulls=pulls)
    for patients in (150, 300)
    for pulls in (0.1, 0.2, 0.4)
}


def drawn(design: Design, rng: np.random.Generator) -> tuple[RegionTable, Rows]:
    """A table and the clusters of its regions. Labels of a patient are alike; presence depends on class and patient."""
    patients = np.repeat(np.arange(design.patients), rng.choice(design.images, design.patients))
    n, home = len(patients), rng.integers(0, design.classes, design.patients)
    labels = np.where(rng.random(n) < 0.9, home[patients], rng.integers(0, design.classes, n))
    assignment = clusters(design, labels, patients, rng)
    sure = np.clip(design.right + design.by_patient * rng.normal(size=design.patients), 0.02, 0.98)
    other = (labels + rng.integers(1, design.classes, n)) % design.classes
    said = np.where(rng.random(n) < sure[patients], labels, other)
    marked = (assignment == 0).any(axis=1)
    said = np.where(marked & (rng.random(n) < design.pulls), 0, said)
    scores = rng.dirichlet(np.ones(design.classes), (n, design.regions))
    scores[assignment == 0, 0] += design.pulls > 0
    if design.leads:
        scores[np.arange(n), 0, said] += 2
    scores /= scores.sum(axis=-1, keepdims=True)
    image = np.repeat(np.arange(n), design.regions)
    nothing = np.zeros((len(image), 1), dtype=np.float32)
    return RegionTable(labels, said, patients, image, nothing, scores.reshape(len(image), -1)), assignment.ravel()


def clusters(design: Design, labels: Rows, patients: Rows, rng: np.random.Generator) -> Rows:
    """(N, regions): clusters by preferences of class and patient, or cluster 0 first where it is planted."""
    shape = (len(labels), design.regions)
    if design.leads or design.pulls:
        assignment = rng.integers(1, design.k, shape)
        assignment[rng.random(len(labels)) < design.present, 0] = 0
        return assignment
    by_class = rng.dirichlet(np.full(design.k, 0.3), design.classes)[labels]
    by_patient = rng.dirichlet(np.full(design.k, 0.3), design.patients)[patients]
    edges = np.cumsum((1 - design.own) * by_class + design.own * by_patient, axis=1)
    found: Rows = np.minimum((rng.random(shape)[:, :, None] > edges[:, None, :]).sum(axis=2), design.k - 1)
    return found


def asked_again(table: RegionTable, assignment: Rows, k: int, rng: np.random.Generator) -> float:
    """p of the test that applies all rules to permuted predictions: what must not be used."""
    groups = exchange(table.labels, table.patients)
    own = kept_gaps(table, assignment, k).max()
    sources = groups.drawn(rng, FEW_PERMUTATIONS)
    null = [kept_gaps(replace(table, predictions=table.predictions[one]), assignment, k).max() for one in sources]
    return (1 + sum(value >= own for value in null)) / (1 + FEW_PERMUTATIONS) if own > 0 else 1.0


def p_values(design: Design, runs: int, seed: int, again: int = 0) -> NDArray[np.float64]:
    """(runs, 3): p by patients, by images, and, in the first `again` runs (NaN in the others), with all rules applied
    to permuted predictions."""
    found = np.full((runs, 3), np.nan)
    for run in range(runs):
        rng = np.random.default_rng([seed, run])
        table, assignment = drawn(design, rng)
        single = replace(table, patients=np.arange(len(table.labels)))
        found[run, 0] = max_gap_p(table, assignment, design.k, rng, PERMUTATIONS).p
        found[run, 1] = max_gap_p(single, assignment, design.k, rng, PERMUTATIONS).p
        if run < again:
            found[run, 2] = asked_again(table, assignment, design.k, rng)
    return found


def interval(hits: int, runs: int) -> str:
    """Share and its 95% Clopper-Pearson interval."""
    from scipy.stats import beta

    if not runs:
        return "-"
    low = beta.ppf(0.025, hits, runs - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, runs - hits) if hits < runs else 1.0
    return f"{hits / runs:.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    print("| design | patients exchanged | images exchanged | rules asked again |")
    print("|---|---|---|---|", flush=True)
    for seed, (name, design) in enumerate({**CLEAN, **PLANTED}.items()):
        again = runs // 4 if name in ASKED_AGAIN else 0
        hits = (p_values(design, runs, seed, again) <= ALPHA).sum(axis=0)
        cells = [interval(int(count), tried) for count, tried in zip(hits, (runs, runs, again), strict=True)]
        print("| " + " | ".join([name, *cells]) + " |", flush=True)
    table, assignment = drawn(Design(patients=500), np.random.default_rng(0))
    start = time.perf_counter()
    max_gap_p(table, assignment, 20, np.random.default_rng(0), 1000)
    print(f"\n1,000 permutations, 20 clusters, 4 classes, 500 images: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
