"""Coverage and error rates of the statistics core, by seeded Monte Carlo with closed-form truth.

`python benchmarks/coverage.py` prints the tables of docs/statistics.md and the speed of the bootstrap. The tests
check the same functions with fewer draws.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from audit.app.selftest.draws import beta_binomial, disagreeing, f1, f1_truth, tables, two_slices
from audit.core.measure import share
from audit.stats.bootstrap import bca, bootstrap
from audit.stats.paired import noninferior, paired, sign_flip, tost
from audit.stats.proportion import korn_graubard
from audit.stats.slices import slice_difference

Array = NDArray[np.float64]

# 60 clusters, 176 pairs, the largest 25, 20 and 18; worth 18 to 19 equal ones.
MEDICONFUSION = np.array([25, 20, 18] + [4] * 8 + [3] * 9 + [2] * 14 + [1] * 26)


def proportion_coverage(p: float, icc: float, draws: int, seed: int = 0) -> dict[str, float]:
    """Share of 95% intervals that cover p on MediConfusion's cluster sizes, for three methods."""
    rng = np.random.default_rng(seed)
    sizes, items = MEDICONFUSION, float(MEDICONFUSION.sum())
    hits = {"korn_graubard": 0, "clopper_pearson_rows": 0, "percentile": 0}
    for _ in range(draws):
        totals = np.column_stack([beta_binomial(sizes, p, icc, rng), sizes])
        interval = korn_graubard(totals).interval
        hits["korn_graubard"] += interval is not None and interval.covers(p)
        x = float(totals[:, 0].sum())
        low = float(betaincinv(x, items - x + 1, 0.025)) if x > 0 else 0.0
        high = float(betaincinv(x + 1, items - x, 0.975)) if x < items else 1.0
        hits["clopper_pearson_rows"] += low <= p <= high
        percentile = np.quantile(bootstrap(totals, share, rng, 400).replicates, [0.025, 0.975])
        hits["percentile"] += bool(percentile[0] <= p <= percentile[1])
    return {name: count / draws for name, count in hits.items()}


def f1_coverage(clusters: int, draws: int, seed: int = 0) -> float:
    """Coverage of BCa for F1 when each cluster has its own difficulty; the truth is a ratio of expectations."""
    rng = np.random.default_rng(seed)
    hits = 0
    for _ in range(draws):
        interval = bca(bootstrap(tables(clusters, 0.8, 0.2, 0.2, rng), f1, rng, 1000))
        hits += interval is not None and interval.covers(f1_truth(0.8, 0.2))
    return hits / draws


def whole_clusters(plus: float, minus: float, part: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Totals of two models on MediConfusion's clusters; those that disagree do so in `part` of their items, one way."""
    sizes = MEDICONFUSION.astype(float)
    way = rng.choice([1, -1, 0], size=len(sizes), p=[plus, minus, 1 - plus - minus])
    moved = way * part * sizes
    return np.column_stack([np.maximum(moved, 0), sizes]), np.column_stack([np.maximum(-moved, 0), sizes])


def whole_cluster_coverage(plus: float, minus: float, part: float, draws: int, seed: int = 0) -> dict[str, float]:
    """Coverage of the paired interval where clusters are unequal and disagree together, and of BCa throughout."""
    rng = np.random.default_rng(seed)
    hits = {"paired": 0, "bca": 0}
    for _ in range(draws):
        result = paired(*whole_clusters(plus, minus, part, rng), share, rng, 500)
        plain = bca(result.boot)
        truth = part * (plus - minus)
        hits["paired"] += result.interval is not None and result.interval.covers(truth)
        hits["bca"] += plain is not None and plain.covers(truth)
    return {name: count / draws for name, count in hits.items()}


def disagreement_coverage(clusters: int, plus: float, minus: float, draws: int, seed: int = 0) -> dict[str, float]:
    """Coverage of the paired interval for clusters of one item, and of BCa had it been used throughout."""
    rng = np.random.default_rng(seed)
    hits = {"paired": 0, "bca": 0}
    for _ in range(draws):
        result = paired(*disagreeing(clusters, 1, plus, minus, rng), share, rng, 500)
        plain = bca(result.boot)
        hits["paired"] += result.interval is not None and result.interval.covers(plus - minus)
        hits["bca"] += plain is not None and plain.covers(plus - minus)
    return {name: count / draws for name, count in hits.items()}


def paired_errors(difference: float, margin: float, draws: int, seed: int = 0) -> dict[str, float]:
    """How often 80 clusters of 3 items lead to each conclusion when the true difference is `difference`."""
    rng = np.random.default_rng(seed)
    hits = {"different": 0, "equivalent": 0, "noninferior": 0, "excludes": 0}
    for _ in range(draws):
        result = paired(*disagreeing(80, 3, 0.12 + difference, 0.12, rng), share, rng, 500)
        hits["different"] += result.p < 0.05
        hits["equivalent"] += tost(result, margin).equivalent
        hits["noninferior"] += noninferior(result, margin).noninferior
        hits["excludes"] += result.interval is not None and not result.interval.covers(0.0)
    return {name: count / draws for name, count in hits.items()}


def sign_flip_error(draws: int, seed: int = 0) -> dict[str, float]:
    """Type I error at 5% of the sign flip over clusters, and of one that flips rows, under correlated differences."""
    rng = np.random.default_rng(seed)
    sizes = np.array([12] * 4 + [6] * 6 + [2] * 14)
    names = np.repeat(np.arange(len(sizes)), sizes)
    hits = {"clusters": 0, "rows": 0}
    for _ in range(draws):
        rows = np.repeat(rng.normal(size=len(sizes)), sizes) + rng.normal(size=len(names))
        hits["clusters"] += sign_flip(np.bincount(names, rows), rng, 999) < 0.05
        hits["rows"] += sign_flip(rows, rng, 999) < 0.05
    return {name: count / draws for name, count in hits.items()}


def slice_coverage(draws: int, seed: int = 0) -> dict[str, float]:
    """Coverage for the gap between two slices when patients with items in both are alike in both."""
    rng = np.random.default_rng(seed)
    hits = {"patients": 0, "independent": 0}
    for _ in range(draws):
        one, two = two_slices(80, rng)
        result = slice_difference(one, two, share, rng, 500)
        hits["patients"] += result.interval is not None and result.interval.covers(0.0)
        spread = math.hypot(korn_graubard(one).se, korn_graubard(two).se)
        hits["independent"] += abs(result.estimate) <= 1.96 * spread
    return {name: count / draws for name, count in hits.items()}


def bootstrap_seconds(graded: bool, seed: int = 0) -> float:
    """Processor seconds for 10,000 resamples of 20,000 items in 2,000 clusters, all distinct where `graded`."""
    rng = np.random.default_rng(seed)
    right = rng.random(2000) * 10 if graded else rng.binomial(10, 0.7, 2000)
    totals = np.column_stack([right, np.full(2000, 10.0)])
    start = time.process_time()
    bca(bootstrap(totals, share, rng))
    return time.process_time() - start


def _line(name: str, measured: Callable[[], dict[str, float] | float]) -> None:
    figures = measured()
    text = f"{figures:.3f}" if isinstance(figures, float) else "  ".join(f"{k} {v:.3f}" for k, v in figures.items())
    print(f"{name:62s} {text}", flush=True)


def main() -> None:
    """Print every figure, 2,000 draws each."""
    draws = 2000
    for p in (0.05, 0.1, 0.3, 0.5, 0.8):
        for icc in (0.1, 0.2, 0.3):
            _line(f"MediConfusion sizes, share {p}, ICC {icc}", lambda p=p, icc=icc: proportion_coverage(p, icc, draws))
    for clusters in (30, 60, 120):
        _line(f"F1 by BCa, {clusters} clusters", lambda c=clusters: f1_coverage(c, draws))
    for clusters, plus, minus in ((60, 0, 0.02), (60, 0.03, 0.03), (200, 0.01, 0.01), (200, 0.05, 0.02)):
        _line(
            f"{clusters} clusters of one item, {plus:.0%} better, {minus:.0%} worse",
            lambda c=clusters, a=plus, b=minus: disagreement_coverage(c, a, b, draws),
        )
    for plus, minus, part in ((0.03, 0.03, 1.0), (0.1, 0.05, 1.0), (0.1, 0.1, 0.3)):
        _line(
            f"MediConfusion sizes, {plus:.0%} of clusters better, {minus:.0%} worse, in {part:.0%}",
            lambda a=plus, b=minus, c=part: whole_cluster_coverage(a, b, c, draws),
        )
    _line("paired, no difference, margin 0.10", lambda: paired_errors(0.0, 0.10, draws))
    _line("paired, difference at the margin of +0.10", lambda: paired_errors(0.10, 0.10, draws))
    _line("paired, difference at the margin of -0.10", lambda: paired_errors(-0.10, 0.10, draws))
    _line("sign flip, type I error at 5%", lambda: sign_flip_error(draws))
    _line("gap between slices, 40 of 80 patients in both", lambda: slice_coverage(draws))
    _line("processor seconds, 10,000 x 20,000 items in 2,000 clusters, counts", lambda: bootstrap_seconds(False))
    _line("processor seconds, the same, graded (every cluster distinct)", lambda: bootstrap_seconds(True))


if __name__ == "__main__":
    main()
