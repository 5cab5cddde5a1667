"""Speed measurements, written to benchmarks/results.md: `make bench`.

Medians of repeats; ratios are taken side by side in the same run.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import scipy
import scipy.stats

from audit.core.answer import Answer
from audit.core.item import Item, Request
from audit.core.measure import share
from audit.core.query import Query, ask
from audit.stats.bootstrap import bca, bootstrap
from audit.store.asker import Asker
from audit.store.store import Store

RESULTS = Path(__file__).parent / "results.md"


def median_time(work: Callable[[], object], repeats: int = 5) -> float:
    """Seconds that `work` takes, the median of `repeats`."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def start_up() -> Iterator[tuple[str, str]]:
    """How long a user waits for the help."""
    seconds = median_time(
        lambda: subprocess.run([sys.executable, "-m", "medaudit", "--help"], capture_output=True, check=True)
    )
    yield "`medaudit --help`", f"{seconds:.2f} s"


def resampling() -> Iterator[tuple[str, str]]:
    """10,000 paired resamples of 20,000 items in 2,000 clusters, against scipy's bootstrap of the cluster totals."""
    rng = np.random.default_rng(0)
    right = rng.random((2000, 10, 2)) < rng.beta(8, 2, size=(2000, 1, 1))
    difference = (right[..., 0].sum(1) - right[..., 1].sum(1)).astype(float)
    totals = np.column_stack([difference, np.full(2000, 10.0)])
    ours = median_time(lambda: bca(bootstrap(totals, share, np.random.default_rng(1), 10_000)), 3)

    def theirs() -> object:
        return scipy.stats.bootstrap(
            (totals[:, 0], totals[:, 1]),
            lambda a, b, axis: a.sum(axis) / b.sum(axis),
            paired=True,
            vectorized=True,
            n_resamples=10_000,
            batch=500,
            rng=np.random.default_rng(1),
        )

    other = median_time(theirs, 1)
    yield (
        "10,000 resamples, 2,000 clusters, BCa",
        f"{ours:.2f} s; `scipy.stats.bootstrap` {other:.2f} s ({other / ours:.0f}x)",
    )


def asking() -> Iterator[tuple[str, str]]:
    """What the asker and the store add to a call that costs nothing."""

    class Instant:
        spec, capabilities, fingerprint = "instant", frozenset({"generate"}), {"name": "instant"}

        def answers(self, queries):  # type: ignore[no-untyped-def]
            yield from enumerate(Answer("yes") for _ in queries)

        def close(self) -> None:
            """Nothing is held."""

    queries = [Query(ask(f"question {i}")) for i in range(5000)]
    requests = [Request(Item(str(i), str(i), query, "yes"), query) for i, query in enumerate(queries)]
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "answers.sqlite") as store:
        first = median_time(lambda: Asker(store).ask(Instant(), "model", "p", requests), 1)
        again = median_time(lambda: Asker(store).ask(Instant(), "model", "p", requests), 3)
    yield "asker and store, per new answer", f"{first / 5000 * 1e3:.2f} ms"
    yield "asker and store, per stored answer", f"{again / 5000 * 1e3:.2f} ms"


def main_job() -> Iterator[tuple[str, str]]:
    """The embedded audit from end to end, first and again with all answers stored."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "medaudit",
            "run",
            "--suite",
            "safety",
            "--fail-on",
            "never",
            "--out",
            f"{folder}/run",
        ]
        for name in ("first", "again, nothing asked"):
            seconds = median_time(lambda: subprocess.run(command, capture_output=True, check=True), 1)
            yield f"`medaudit run --suite safety`, {name}", f"{seconds:.0f} s"


def main() -> None:
    """Measure everything and write the table."""
    rows = [row for measure in (start_up, resampling, asking, main_job) for row in measure()]
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {versions}"
    lines = [
        "# Speed",
        "",
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {machine}. Medians of repeats.",
        "",
        "| what | time |",
        "|---|---|",
        *(f"| {name} | {figure} |" for name, figure in rows),
    ]
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
