"""The official MedObvious folder: rows of `all_tasks.jsonl` with the grids that they ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.core.dataset import Dataset, Problem, Record
from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.absent import absent_image
from audit.data.assemble import dataset_digest, hashed
from audit.data.clusters import connected_components
from audit.data.entry import Entry
from audit.data.files import open_image
from audit.data.medobvious_rows import TaskRow, read_rows
from audit.data.options import LoadOptions
from audit.data.panels import PANEL_SIDE, panels, repeated
from audit.data.paths import inside

TASKS = "all_tasks.jsonl"


def tasks_file(path: Path) -> Path | None:
    """The `all_tasks.jsonl` that a path means: itself, or in the folder or its `benchmark_refined`; else None."""
    candidates = (path / TASKS, path / "benchmark_refined" / TASKS) if path.is_dir() else (path,)
    return next((file for file in candidates if file.name == TASKS and file.is_file()), None)


def load_medobvious(tasks: Path, options: LoadOptions) -> Dataset:
    """Read the official folder: a record per row, with the row's own id and its fields in `meta`.

    `meta` holds task_type, question, options, answer, answer_position, answer_keywords, is_negative, tier, base and n
    (the grid's side). Rows that show one file share one `Image`. The cluster is the connected component of base grids
    that share a panel (by pixels, of grids without a box). Rows whose picture is missing or damaged are listed as
    unusable (kept, without `need_images`, where no picture is there); a row that is not one raises `InputError`.
    """
    rows = read_rows(tasks)
    pictures = _pictures(rows, tasks.parent, options)
    sides = _sides(rows, pictures)
    usable = [row for row in rows if pictures[row.image].image is not None and row.base in sides]
    problems = _unusable(rows, pictures, sides, tasks)
    if not usable:
        reason = problems[0].reason if problems else "no row"
        raise InputError(f"none of {len(rows)} rows is usable (the first: {reason})", path=tasks)
    cluster, repeats = _clusters(usable, pictures, sides, tasks)
    records = tuple(_record(row, pictures[row.image], sides[row.base], cluster) for row in usable)
    return Dataset(
        name=options.name or "MedObvious",
        kind="medobvious",
        records=records,
        source=str(tasks),
        sha256=dataset_digest("medobvious", records),
        problems=(*problems, *repeats),
        rules=("The cluster is the connected component of base grids that share a panel (by its pixels).",),
        n_seen=len(rows),
    )


@dataclass(frozen=True)
class _Picture:
    """One image file of the folder, or why it cannot be used; `absent` stands for a file that is not there and not
    needed."""

    image: Image | None
    reason: str = ""
    absent: bool = False


def _pictures(rows: Sequence[TaskRow], folder: Path, options: LoadOptions) -> dict[str, _Picture]:
    """Each named file, opened and hashed once."""
    named = {row.image: row for row in reversed(rows)}
    found = {image: _open(row, folder, options) for image, row in named.items()}
    entries = [Entry("", "", image=each.image, reason=each.reason) for each in found.values() if not each.absent]
    checked = iter(hashed(entries))
    return {image: each if each.absent else _checked(next(checked)) for image, each in found.items()}


def _checked(entry: Entry) -> _Picture:
    return _Picture(entry.image, entry.reason)


def _open(row: TaskRow, folder: Path, options: LoadOptions) -> _Picture:
    try:
        file = _located(row, folder)
        if file is None and not options.need_images:
            return _Picture(absent_image(row.image), absent=True)
        if file is None:
            return _Picture(None, "there is no such file")
        return _Picture(open_image(file, options.max_pixels))
    except InputError as error:
        return _Picture(None, error.problem)
    except (OSError, ValueError) as error:
        return _Picture(None, f"not a path: {error}")


def _located(row: TaskRow, folder: Path) -> Path | None:
    """The file as the row names it, else by its name where the official folder or a flat copy would hold it."""
    name = Path(row.image).name
    for guess in (row.image, f"v{row.tier}/images/{name}", f"images/{name}", name):
        file = inside(folder, guess)
        if file is None:
            raise InputError("its path leaves the folder")
        if file.is_file():
            return file
    return None


def _sides(rows: Sequence[TaskRow], pictures: Mapping[str, _Picture]) -> dict[str, int]:
    """The side of each base grid: from the options of any of its rows, else from a picture of 336-pixel panels, else
    (where no picture is needed) as published: 3 in tier 3, 2 in the others."""
    sides: dict[str, int] = {}
    for row in rows:
        if row.n is not None:
            sides.setdefault(row.base, row.n)
    for row in rows:
        picture = pictures[row.image]
        if row.base in sides or picture.image is None:
            continue
        if picture.absent:
            sides[row.base] = 3 if row.tier == 3 else 2
        else:
            height, width = picture.image.pixels.shape[:2]
            if height == width and width % PANEL_SIDE == 0 and width > PANEL_SIDE:
                sides[row.base] = width // PANEL_SIDE
    return sides


def _unusable(
    rows: Sequence[TaskRow], pictures: Mapping[str, _Picture], sides: Mapping[str, int], tasks: Path
) -> list[Problem]:
    problems = []
    for row in rows:
        picture = pictures[row.image]
        if picture.image is None:
            reason = picture.reason
        elif row.base not in sides:
            reason = "neither options nor picture say how large the grid is"
        else:
            continue
        place = f"{tasks}, row {row.number} ({row.image[:200]})"
        problems.append(Problem("unusable", place, reason, f"row {row.number}"))
    return problems


def _clusters(
    rows: Sequence[TaskRow], pictures: Mapping[str, _Picture], sides: Mapping[str, int], tasks: Path
) -> tuple[dict[str, str], list[Problem]]:
    """The cluster of each base grid, and a problem for every picture that shows a panel twice."""
    groups: list[tuple[str, ...]] = [(row.base,) for row in rows]
    problems = []
    unboxed = {row.image: row for row in reversed(rows) if not row.boxed and not pictures[row.image].absent}
    for name, row in sorted(unboxed.items(), key=lambda named: named[1].number):
        image = pictures[name].image
        assert image is not None
        try:
            hashes = tuple(panel.sha256 for panel in panels(image, sides[row.base]))
        except ValueError as error:
            problems.append(
                Problem("note", f"{tasks}, row {row.number} ({name[:200]})", str(error), f"row {row.number}")
            )
            continue
        groups.append((row.base, *(f"panel {each}" for each in hashes)))
        for first, later in repeated(hashes):
            reason = f"panels {first} and {later} are pixel-identical"
            place = f"{tasks}, row {row.number} ({name[:200]})"
            problems.append(Problem("duplicate", place, reason, f"row {row.number}"))
    # rows of different bases may still show one file
    groups += [(f"file {row.image}", row.base) for row in rows]
    component = connected_components(groups)
    names = {component[row.base]: row.base for row in reversed(rows)}
    return {row.base: names[component[row.base]] for row in rows}, problems


def _record(row: TaskRow, picture: _Picture, n: int, cluster: Mapping[str, str]) -> Record:
    assert picture.image is not None
    return Record(id=row.id, image=picture.image, cluster=cluster[row.base], meta=row.meta(n))
