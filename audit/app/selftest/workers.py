"""The same work for many tasks, in one process or several."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from audit.store.asker import Progress, quiet

T = TypeVar("T")
R = TypeVar("R")

_WORK: list[Callable[[Any], Any]] = []


def nowhere(_: int, __: object) -> None:
    """Results that nobody keeps as they come."""


def each(
    work: Callable[[T], R],
    tasks: Sequence[T],
    processes: int = 1,
    progress: Progress = quiet,
    keep: Callable[[int, R], None] = nowhere,
) -> list[R]:
    """`work` of every task, in order; `keep` gets each result with its number as soon as it is there. Several
    processes share what exists already by being forked; where that is not possible there is one. Results and tasks are
    sent between processes, `work` itself is not."""
    results: dict[int, R] = {}
    progress(0, len(tasks))
    for place, result in _done(work, tasks, processes):
        keep(place, result)
        results[place] = result
        progress(len(results), len(tasks))
    return [results[place] for place in range(len(tasks))]


def _done(work: Callable[[T], R], tasks: Sequence[T], processes: int) -> Iterator[tuple[int, R]]:
    if processes < 2 or len(tasks) < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from ((place, work(task)) for place, task in enumerate(tasks))
        return
    _WORK.append(work)
    try:
        with multiprocessing.get_context("fork").Pool(min(processes, len(tasks))) as pool:
            yield from pool.imap_unordered(_worked, enumerate(tasks))
    finally:
        _WORK.pop()


def _worked(numbered: tuple[int, Any]) -> tuple[int, Any]:
    place, task = numbered
    return place, _WORK[-1](task)
