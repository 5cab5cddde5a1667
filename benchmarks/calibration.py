"""How the calibration error behaves where the truth is known, by seeded Monte Carlo.

`python benchmarks/calibration.py [runs]` prints the table of docs/comparison.md. Confidences are uniform from 0.5 to 1,
answers are right `over` less often than that; those of a cluster go together (intra-cluster correlation `icc`).
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from audit.stats.bootstrap import bca, bootstrap
from audit.stats.calibration import COLUMNS, CalibrationError, bins_for, equal_mass

Array = NDArray[np.float64]


def draw(clusters: int, size: int, over: float, icc: float, rng: np.random.Generator) -> Array:
    """Totals (C, 4 bins) of one sample."""
    names = np.repeat(np.arange(clusters), size)
    confidence = rng.uniform(0.5, 1, len(names))
    luck = np.where(rng.random(len(names)) < np.sqrt(icc), rng.random(clusters)[names], rng.random(len(names)))
    right = (luck < confidence - over).astype(float)
    bins = bins_for(len(names))
    place = np.searchsorted(equal_mass(confidence.tolist(), bins), confidence, side="left")
    made = np.zeros((clusters, bins, COLUMNS))
    np.add.at(made[:, :, 0], (names, place), 1)
    np.add.at(made[:, :, 1], (names, place), right - confidence)
    made[:, :, 2], made[:, :, 3] = made[:, :, 1] ** 2, made[:, :, 0] ** 2
    return made.reshape(clusters, -1)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    print(
        "| clusters | answers each | ICC | over | mean estimate | root of the mean square"
        " | plug-in error | covers | shown |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for seed, (clusters, size, icc) in enumerate(((100, 1, 0.0), (400, 1, 0.0), (100, 4, 0.3))):
        for over in (0.0, 0.05, 0.2):
            rng, found, plain, covered, called = np.random.default_rng(seed), [], [], 0, 0
            for _ in range(runs):
                totals = draw(clusters, size, over, icc, rng)
                bins = totals.shape[1] // COLUMNS
                statistic = CalibrationError(bins)
                boot = bootstrap(totals, statistic, rng, 1000, sizes=np.full(clusters, float(size)))
                interval = bca(boot)
                found.append(boot.estimate)
                plain.append(np.abs(totals.sum(axis=0).reshape(bins, COLUMNS)[:, 1]).sum() / (clusters * size))
                covered += interval is not None and interval.covers(over)
                called += interval is not None and interval.low > 0
            square = float(np.mean(np.sign(found) * np.square(found)))
            told = [
                np.mean(found),
                np.sign(square) * np.sqrt(abs(square)),
                np.mean(plain),
                covered / runs,
                called / runs,
            ]
            print(f"| {clusters} | {size} | {icc:g} | {over:g} | " + " | ".join(f"{x:.3f}" for x in told) + " |")


if __name__ == "__main__":
    main()
