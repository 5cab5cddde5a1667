"""The same work for many tasks, in one process or several."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from audit.store.asker import Progress, quiet

T = TypeVar("T")
R = TypeVar("R")

_WORK: list[Callable[[Any], Any]] = []


def each(work: Callable[[T], R], tasks: Sequence[T], processes: int = 1, progress: Progress = quiet) -> list[R]:
    """`work` of every task, in order. Several processes share what exists already by being forked; where that is not
    possible there is one. Results and tasks are sent between processes, `work` itself is not."""
    if processes < 2 or len(tasks) < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return list(_told((work(task) for task in tasks), len(tasks), progress))
    _WORK.append(work)
    try:
        with multiprocessing.get_context("fork").Pool(min(processes, len(tasks))) as pool:
            return list(_told(pool.imap(_worked, tasks), len(tasks), progress))
    finally:
        _WORK.pop()


def _worked(task: Any) -> Any:
    return _WORK[-1](task)


def _told(results: Iterator[R], total: int, progress: Progress) -> Iterator[R]:
    progress(0, total)
    for done, result in enumerate(results, 1):
        progress(done, total)
        yield result
