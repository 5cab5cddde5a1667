"""The same work in one process or two: results in order, progress told, mistakes not swallowed."""

from __future__ import annotations

import os

import pytest

from audit.app.selftest.workers import each


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_order_of_the_tasks(processes: int) -> None:
    told: list[tuple[int, int]] = []
    offset = 10  # a closure: only tasks and results travel between processes
    made = each(lambda task: task * task + offset, range(25), processes, lambda done, total: told.append((done, total)))
    assert made == [task * task + offset for task in range(25)]
    assert told[0] == (0, 25)
    assert told[-1] == (25, 25)


def test_two_processes_are_two() -> None:
    assert os.getpid() not in each(lambda _: os.getpid(), range(8), 2)
    assert set(each(lambda _: os.getpid(), range(8), 1)) == {os.getpid()}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_mistake_in_the_work_is_raised(processes: int) -> None:
    with pytest.raises(ZeroDivisionError):
        each(lambda task: 1 // task, [2, 1, 0], processes)
    assert each(lambda task: task, [1, 2], processes) == [1, 2]
