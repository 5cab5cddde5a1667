"""What can go wrong, each with the exit code and the way out that it stands for."""

from __future__ import annotations

from pathlib import Path


class MedauditError(Exception):
    """Base of every error that medaudit raises on purpose; `exit_code` is the process's."""

    exit_code = 2


class InputError(MedauditError):
    """A file, option or answer that cannot be used: one line naming the place and the remedy.

    `path` and `row` (1-based; the line of a text file) name the place, `remedy` says what to do.
    """

    def __init__(
        self,
        problem: str,
        *,
        path: Path | str | None = None,
        row: int | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem, self.path, self.row, self.remedy = problem, path, row, remedy
        place = "" if path is None else f"{path}: " if row is None else f"{path}, row {row}: "
        way_out = "" if remedy is None else f" ({remedy})"
        super().__init__(" ".join(f"{place}{problem}{way_out}".split()))


class IncompleteError(MedauditError):
    """The run ended before every query had an answer; the same command again resumes it."""

    exit_code = 3
