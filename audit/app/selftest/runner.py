"""Doing many runs: in several processes, and kept one by one, so that a self-test can be stopped and continued."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TextIO, TypeVar

from audit.app.selftest.workers import each
from audit.core.canonical import Json, digest
from audit.core.errors import InputError
from audit.store.asker import Progress, quiet

T = TypeVar("T")
FILE = "selftest.runs.jsonl"
PACKAGES = ("audit", "probes")


@dataclass(frozen=True)
class Runner:
    """How runs are done. With a `folder` each result is kept there as a line of selftest.runs.jsonl, and a run that
    has one is not done again. Files of several machines may be joined, line by line."""

    seed: int = 0
    processes: int = 1
    folder: Path | None = None
    progress: Progress = quiet

    def seed_of(self, name: str) -> int:
        """The seed of the run of this name: no other run moves its draws, whatever else is asked for."""
        return int.from_bytes(sha256(f"{self.seed}:{name}".encode()).digest()[:7], "little")

    def results(self, work: Callable[[T], Json], tasks: Mapping[str, T], what: Callable[[T], Json]) -> list[Json]:
        """`work` of every task, in order, as plain data. A kept result is known by its task's name, the seed, `what`
        is tried (the plan, the policy), and the program. Raises `InputError` for a file that cannot be read or
        written."""
        if self.folder is None:
            return each(work, list(tasks.values()), self.processes, self.progress)
        path = self.folder / FILE
        wanted = {name: self._of(what(task)) for name, task in tasks.items()}
        known = {name: result for name, of, result in read(path) if wanted.get(name) == of}
        left = [name for name in tasks if name not in known]
        with _appending(path) as file:

            def keep(place: int, result: Json) -> None:
                name = left[place]
                known[name] = result
                file.write(json.dumps({"run": name, "of": wanted[name], "result": result}) + "\n")
                file.flush()

            each(work, [tasks[name] for name in left], self.processes, _after(len(known), self.progress), keep)
        return [known[name] for name in tasks]

    def _of(self, what: Json) -> str:
        return digest({"what": what, "seed": self.seed, "program": program()})[:16]


ALONE = Runner()
"""One process, nothing kept."""


def read(path: Path) -> Sequence[tuple[str, str, Json]]:
    """(name, what it is a run of, result) of every line. A last line that was cut off is no line. Raises
    `InputError`."""
    try:
        lines = path.read_text("utf-8").split("\n") if path.exists() else [""]
        rows = [json.loads(line) for line in lines[:-1]]
        return [(row["run"], row["of"], row["result"]) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = "delete it: its runs are done again"
        raise InputError("Is no file of kept runs", path=path, remedy=remedy) from error


@cache
def program() -> str:
    """A digest of everything that decides what an audit finds: another program, other runs."""
    root = Path(__file__).parents[3]
    files = sorted(path for name in PACKAGES for path in (root / name).rglob("*") if path.suffix in _SOURCES)
    whole = sha256()
    for path in files:
        whole.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return whole.hexdigest()


_SOURCES = frozenset({".py", ".txt", ".yaml", ".json"})


def _appending(path: Path) -> TextIO:
    """The file, ready for the next line: what was cut off is cut away."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            whole = path.read_bytes()
            path.write_bytes(whole[: whole.rfind(b"\n") + 1])
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot be written: {error.strerror}", path=path) from error


def _after(done: int, progress: Progress) -> Progress:
    """Progress that counts what was done before."""

    def shifted(now: int, total: int) -> None:
        progress(done + now, done + total)

    return shifted
