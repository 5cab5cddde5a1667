"""Do intervals of gap and influence cover, on patients that had no part in the choice? Seeded Monte Carlo.

`python benchmarks/spurious_intervals.py [runs]` prints the table of docs/spurious-discovery.md. Signs and the class of
the influence come from one sample of patients, estimates and 95% intervals from another; the truth is that of 200,000.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from spurious_permutation import Design, drawn  # beside this file: the same simulated patients

from audit.stats.bootstrap import bca, bootstrap
from audit.stats.interval import Interval
from audit.stats.proportion import korn_graubard
from probes.spurious.discovery.influence import image_rows
from probes.spurious.discovery.totals import (
    class_gaps,
    counts_of,
    influence_columns,
    influence_share,
    performance_gap,
    signed_gap,
)

MANY, RESAMPLES = 200_000, 1000
Array = NDArray[np.float64]
DESIGNS = {
    "no association": Design(k=8, leads=True, present=0.3),
    "pulls 0.4": Design(k=8, pulls=0.4, present=0.3),
}


def by_patient(design: Design, rng: np.random.Generator) -> Array:
    """Rows of region cluster 0, one image for each patient."""
    table, assignment = drawn(design, rng)
    return image_rows(table, assignment, 0)


def choice(rows: Array) -> tuple[tuple[float, ...], int]:
    """Signs of g, and the class with the largest influence among those with g < 0 (the first class if none)."""
    counts = counts_of(rows.sum(axis=0))
    gaps = class_gaps(counts)
    share = np.where((gaps < 0) & (counts.asked > 0), counts.hit / np.maximum(counts.asked, 1), -1.0)
    return tuple(np.sign(np.nan_to_num(gaps)).tolist()), int(share.argmax())


def covered(design: Design, runs: int, seed: int) -> list[str]:
    """A line for each figure: mean truth, mean estimate, and the share of intervals that hold the truth."""
    whole = by_patient(replace(design, patients=MANY), np.random.default_rng(seed)).sum(axis=0)
    seen: dict[str, list[tuple[float, float, float, float]]] = {}
    for run in range(runs):
        rng = np.random.default_rng([seed, run])
        signs, label = choice(by_patient(design, rng))
        rows = by_patient(design, rng)
        statistics = {"G": performance_gap, "gap with the other half's signs": signed_gap(signs), "H": influence_share}
        for name, statistic in statistics.items():
            boot = bootstrap(rows, statistic, rng, RESAMPLES)
            seen.setdefault(name, []).append(_seen(float(statistic(whole)), boot.estimate, bca(boot)))
        share = korn_graubard(influence_columns(rows, label))
        hit, asked = influence_columns(whole, label)
        seen.setdefault("influence of the other half's class", []).append(
            _seen(float(hit / asked), share.estimate, share.interval)
        )
    return [_line(name, np.array(values)) for name, values in seen.items()]


def _seen(truth: float, estimate: float, interval: Interval | None) -> tuple[float, float, float, float]:
    held = interval is not None and interval.low <= truth <= interval.high
    return truth, estimate, float(held), float(interval is not None)


def _line(name: str, values: Array) -> str:
    truth, estimate = np.nanmean(values[:, :2], axis=0)
    given = values[:, 3] == 1
    share = f"{values[given, 2].mean():.3f}" if given.any() else "no interval"
    return f"| {name} | {truth:.3f} | {estimate:.3f} | {share} | {given.mean():.2f} |"


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for patients in (150, 400):
        for seed, (title, design) in enumerate(DESIGNS.items()):
            print(f"\n{title}, {patients} patients in either half\n")
            print("| figure | truth | mean estimate | covered | interval given |\n|---|---|---|---|---|", flush=True)
            print("\n".join(covered(replace(design, patients=patients), runs, seed)), flush=True)


if __name__ == "__main__":
    main()
