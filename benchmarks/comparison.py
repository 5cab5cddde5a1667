"""Macro-F1 of two models on the same questions: speed of the paired resamples, and coverage of the difference.

`python benchmarks/comparison.py` prints both; `--answers MODEL BASE` times two real answer files (medaudit.answers/1)
instead of simulated ones. One core: set OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from audit.stats.bootstrap import bca, bootstrap
from audit.stats.classes import macro_f1
from audit.stats.paired import paired

Array = NDArray[np.float64]
Labels = NDArray[np.intp]

ITEMS, CLASSES, RESAMPLES = 3421, 8, 10_000
LOOPED = 200  # resamples that a loop does; its time is scaled up


def rows(target: Labels, given: Labels, classes: int) -> Array:
    """Totals (n, 3 K) of single items: true positives, false positives, misses; `given` is -1 for nothing read."""
    n = len(target)
    made = np.zeros((n, 3 * classes))
    right = target == given
    made[np.flatnonzero(right), target[right]] = 1
    made[np.flatnonzero(~right), 2 * classes + target[~right]] = 1
    said = ~right & (given >= 0)
    made[np.flatnonzero(said), classes + given[said]] = 1
    return made


def f1_by_table(target: Labels, given: Labels, classes: int) -> float:
    """Macro-F1 the direct way, from the table of what was right and what was said."""
    table = np.bincount(target * (classes + 1) + np.where(given < 0, classes, given), minlength=classes * (classes + 1))
    table = table.reshape(classes, classes + 1)
    true = np.diagonal(table).astype(float)
    sums = table.sum(axis=1) + table[:, :classes].sum(axis=0)
    return float(np.mean(2 * true[sums > 0] / sums[sums > 0]))


def simulated(rng: np.random.Generator, n: int = ITEMS, classes: int = CLASSES) -> tuple[Labels, Labels, Labels]:
    """Right answers and what two models say, alike in accuracy to a strong pair (0.95 and 0.94) that agree mostly."""
    target = rng.choice(classes, n, p=_shares(classes))
    hard = rng.random(n) < 0.08
    said = []
    for miss in (0.6, 0.72):
        other = (target + rng.integers(1, classes, n)) % classes
        said.append(np.where(hard & (rng.random(n) < miss), other, target))
    return target, said[0], said[1]


def _shares(classes: int) -> Array:
    weights = np.linspace(1, 3, classes)
    return np.asarray(weights / weights.sum())


def timed(work: Callable[[], object], repeats: int = 5) -> float:
    """Seconds, the median of `repeats`."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def speed(target: Labels, model: Labels, base: Labels, classes: int) -> None:
    """Print the times of the same 10,000 paired resamples by four ways, and that they agree."""
    n = len(target)
    a, b = rows(target, model, classes), rows(target, base, classes)
    both, ones = np.hstack([a, b]), np.ones(n)

    def difference(sums: Array) -> Array:
        return macro_f1(sums[..., : 3 * classes]) - macro_f1(sums[..., 3 * classes :])

    ours = timed(lambda: bca(bootstrap(both, difference, np.random.default_rng(0), RESAMPLES, sizes=ones)))
    whole = timed(lambda: paired(a, b, macro_f1, np.random.default_rng(0), RESAMPLES, sizes=ones))
    print(f"{n} items, {classes} classes, {len(np.unique(both, axis=0))} distinct joint rows, {RESAMPLES} resamples")
    print(f"medaudit, resamples and BCa           {ours:8.3f} s")
    print(f"medaudit, with exchange test as well  {whole:8.3f} s")

    def of_sample(t: Labels, x: Labels, y: Labels) -> float:
        return f1_by_table(t, x, classes) - f1_by_table(t, y, classes)

    def by_scipy(resamples: int) -> object:
        return scipy.stats.bootstrap(
            (target, model, base), of_sample, paired=True, vectorized=False, n_resamples=resamples, method="BCa",
            rng=np.random.default_rng(0),
        )  # fmt: skip

    by_hand = timed(lambda: _loop(of_sample, target, model, base), 1) * RESAMPLES / LOOPED
    print(
        f"loop of the same in numpy             {by_hand:8.1f} s  ({by_hand / ours:.0f}x; {LOOPED} resamples, scaled)"
    )
    start = time.perf_counter()
    found = by_scipy(RESAMPLES)
    theirs = time.perf_counter() - start
    print(f"scipy.stats.bootstrap, BCa            {theirs:8.1f} s  ({theirs / ours:.0f}x)")
    _by_sklearn(target, model, base, ours)
    boot = bootstrap(both, difference, np.random.default_rng(0), RESAMPLES, sizes=ones)
    interval = bca(boot, expanded=False)
    assert interval is not None
    other = found.confidence_interval  # type: ignore[attr-defined]
    print(f"difference {boot.estimate:.6f}, directly {of_sample(target, model, base):.6f}")
    print(f"BCa: medaudit [{interval.low:.5f}, {interval.high:.5f}], scipy [{other.low:.5f}, {other.high:.5f}]")


def _loop(of_sample: Callable[[Labels, Labels, Labels], float], *arrays: Labels) -> Array:
    rng, n = np.random.default_rng(0), len(arrays[0])
    picks = (rng.integers(0, n, n) for _ in range(LOOPED))
    return np.array([of_sample(*(array[pick] for array in arrays)) for pick in picks])


def _by_sklearn(target: Labels, model: Labels, base: Labels, ours: float) -> None:
    try:
        from sklearn.metrics import f1_score
    except ImportError:
        print("loop over sklearn.metrics.f1_score    not installed")
        return

    def of_sample(t: Labels, x: Labels, y: Labels) -> float:
        return float(f1_score(t, x, average="macro") - f1_score(t, y, average="macro"))

    seconds = timed(lambda: _loop(of_sample, target, model, base), 1) * RESAMPLES / LOOPED
    print(
        f"loop over sklearn.metrics.f1_score    {seconds:8.1f} s  ({seconds / ours:.0f}x; {LOOPED} resamples, scaled)"
    )
    print(f"sklearn says {of_sample(target, model, base):.6f}")


def coverage(n: int, draws: int, *, classes: int = 5, size: int = 1, seed: int = 0, resamples: int = 2000) -> float:
    """Share of 95% intervals of the macro-F1 difference that cover the truth, which is macro-F1 of the expected totals.

    `n` clusters of `size` items. Both models miss a hard item, the second one more often; with `size` above 1 hardness
    is the cluster's.
    """
    rng = np.random.default_rng(seed)
    table = _expected(classes)
    truth = float(macro_f1(table[0]) - macro_f1(table[1]))
    hits = 0
    for _ in range(draws):
        a, b = _drawn(rng, n, size, classes)
        interval = paired(a, b, macro_f1, rng, resamples, sizes=np.full(n, float(size))).interval
        hits += interval is not None and interval.covers(truth)
    return hits / draws


HARD, MISS = 0.4, (0.5, 0.7)


def _drawn(rng: np.random.Generator, n: int, size: int, classes: int) -> tuple[Array, Array]:
    target = rng.choice(classes, n * size, p=_shares(classes))
    hard = np.repeat(rng.random(n) < HARD, size)
    wrong = (target + 1) % classes  # a class is taken for its neighbour
    arms = []
    for miss in MISS:
        given = np.where(hard & (rng.random(n * size) < miss), wrong, target)
        arms.append(rows(target, given, classes).reshape(n, size, -1).sum(axis=1))
    return arms[0], arms[1]


def _expected(classes: int) -> Array:
    """Expected totals (2, 3 K) per item, in closed form."""
    share, made = _shares(classes), []
    for miss in MISS:
        lost = share * HARD * miss
        made.append(np.concatenate([share - lost, np.roll(lost, 1), lost]))
    return np.array(made)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", nargs=2, metavar="FILE", type=Path)
    parser.add_argument("--draws", type=int, default=2000)
    given = parser.parse_args()
    if given.answers:
        speed(*_read(*given.answers))
        return
    speed(*simulated(np.random.default_rng(0)), CLASSES)
    for n, size in ((60, 1), (100, 1), (200, 1), (1000, 1), (60, 4)):
        covered = coverage(n, given.draws, size=size)
        print(f"coverage of the macro-F1 difference, {n} clusters of {size}: {covered:.3f}")


def _read(model: Path, base: Path) -> tuple[Labels, Labels, Labels, int]:
    """Right answers and what both files say (whole answers, in one case), as numbers of classes."""
    from audit.data.answers import read_answers

    ours, theirs = read_answers(model), {row.id: row for row in read_answers(base)}
    names = {name: place for place, name in enumerate(sorted({str(row.target) for row in ours}))}
    target = np.array([names[str(row.target)] for row in ours])
    pairs = (ours, [theirs[row.id] for row in ours])
    said = [np.array([names.get(row.answer.strip(), -1) for row in told]) for told in pairs]
    return target, said[0], said[1], len(names)


if __name__ == "__main__":
    main()
