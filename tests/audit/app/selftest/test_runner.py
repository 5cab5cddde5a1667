"""Runs are kept one by one: a self-test goes on where it stopped, and does anew what another program would do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit.app.selftest import runner as module
from audit.app.selftest.runner import FILE, Runner, program, read
from audit.core.errors import InputError

TASKS = {f"task: {number}": number for number in range(6)}


class Work:
    """Squares numbers, counts what it did, and is stopped once."""

    def __init__(self, stops_at: int | None = None) -> None:
        self.done: list[int] = []
        self.stops_at = stops_at

    def __call__(self, task: int) -> int:
        if task == self.stops_at:
            raise KeyboardInterrupt
        self.done.append(task)
        return task * task


def test_nothing_is_kept_without_a_folder_and_results_are_in_order() -> None:
    assert Runner().results(Work(), TASKS, lambda _: "x") == [0, 1, 4, 9, 16, 25]


def test_what_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    runner = Runner(folder=tmp_path / "out", progress=lambda done, total: told.append((done, total)))
    first, second, third = Work(stops_at=4), Work(), Work()
    with pytest.raises(KeyboardInterrupt):
        runner.results(first, TASKS, lambda _: "x")
    with (tmp_path / "out" / FILE).open("a") as file:
        file.write('{"run": "task: 5", "of": "cut o')  # the machine went down in the middle of a line
    assert runner.results(second, TASKS, lambda _: "x") == [0, 1, 4, 9, 16, 25]
    assert (first.done, second.done) == ([0, 1, 2, 3], [4, 5])
    assert told[-3:] == [(4, 6), (5, 6), (6, 6)]
    assert runner.results(third, TASKS, lambda _: "x") == [0, 1, 4, 9, 16, 25]
    assert third.done == []
    assert len(read(tmp_path / "out" / FILE)) == 6


def test_two_processes_keep_every_result(tmp_path: Path) -> None:
    made = Runner(processes=2, folder=tmp_path).results(lambda task: task * task, TASKS, lambda _: "x")
    assert made == [0, 1, 4, 9, 16, 25]
    assert sorted(name for name, _, _ in read(tmp_path / FILE)) == sorted(TASKS)


def test_another_seed_plan_or_program_is_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Runner(folder=tmp_path).results(Work(), TASKS, lambda _: "x")
    for seed, what in ((1, "x"), (0, "y")):
        work = Work()
        Runner(seed, folder=tmp_path).results(work, TASKS, lambda _, what=what: what)
        assert work.done == list(range(6))
    monkeypatch.setattr(module, "program", lambda: "another program")
    work = Work()
    Runner(folder=tmp_path).results(work, TASKS, lambda _: "x")
    assert work.done == list(range(6))


def test_files_of_several_machines_can_be_joined(tmp_path: Path) -> None:
    halves = [{name: n for name, n in TASKS.items() if n % 2 == k} for k in (0, 1)]
    for place, half in enumerate(halves):
        Runner(folder=tmp_path / str(place)).results(Work(), half, lambda _: "x")
    whole = "".join((tmp_path / str(place) / FILE).read_text() for place in (0, 1))
    (tmp_path / FILE).write_text(whole)
    work = Work()
    assert Runner(folder=tmp_path).results(work, TASKS, lambda _: "x") == [0, 1, 4, 9, 16, 25]
    assert work.done == []


@pytest.mark.parametrize("text", ["{\n", '{"run": 1}\n', "[]\n", "\udcff\n"])
def test_a_file_of_another_make_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8", errors="surrogateescape")
    with pytest.raises(InputError, match="no file of kept runs"):
        Runner(folder=tmp_path).results(Work(), TASKS, lambda _: "x")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError):
        Runner(folder=tmp_path / "file").results(Work(), TASKS, lambda _: "x")


def test_seeds_follow_names() -> None:
    seeds = {Runner(seed).seed_of(name) for seed in (0, 1) for name in TASKS}
    assert len(seeds) == 12
    assert all(0 <= seed < 2**56 for seed in seeds)
    assert Runner(3).seed_of("a") == Runner(3, processes=2).seed_of("a")


def test_the_program_is_all_of_its_sources() -> None:
    assert program() == program()
    assert len(program()) == 64
    json.dumps(program())
