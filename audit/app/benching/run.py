"""The controlled evaluation from end to end: every task tried once, each row kept as it comes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.app.benching.config import BenchConfig, Task
from audit.app.benching.digit_stage import DigitStage
from audit.app.benching.mitigation import tried_mitigation
from audit.app.benching.page import page
from audit.app.benching.summary import summary
from audit.app.benching.trial import tried, tried_clean
from audit.app.folder import write_json, write_text
from audit.app.selftest.workers import each
from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.models.torch_device import require
from audit.store.asker import Progress, quiet

SCHEMA = "medaudit.bench.spurious/1"
ROWS = "rows.jsonl"
AT_ONCE = 8  # tasks between two looks at the disk, per process


def bench(config: BenchConfig, progress: Progress = quiet) -> dict[str, Json]:
    """All rows and what they come to, as plain data. With `out`, rows that stand there are not made again. Raises
    `InputError` for a folder of another bench, and where torch or scikit-learn is missing."""
    require("torch", "bench")
    require("transformers", "bench")
    tasks = config.tasks
    rows = _kept(config)
    todo = [task for task in tasks if _name(task) not in rows]
    step = AT_ONCE * config.processes
    progress(len(tasks) - len(todo), len(tasks))
    for start in range(0, len(todo), step):
        some = todo[start : start + step]
        for kind, name in dict.fromkeys((kind, setting.stage) for kind, setting in some):
            config.stage(kind, name).prepare()  # before the processes part, so that they share it
        for task, row in zip(some, each(_work(config), some, config.processes), strict=True):
            rows[_name(task)] = row
            _append(config.out, config, row)
        progress(len(tasks) - len(todo) + min(start + step, len(todo)), len(tasks))
    made = [rows[_name(task)] for task in tasks]
    return {
        "schema": SCHEMA,
        "command": config.command,
        **config.plain(),
        "summary": summary(made),
        "rows": list(made),
    }


def write(folder: Path, results: Mapping[str, Json]) -> Path:
    """Write spurious-bench.json and spurious-bench.md; returns the path of the page. Raises `InputError`."""
    path = folder / "spurious-bench.md"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "spurious-bench.json", results)
        write_text(path, page(results))
    except OSError as error:
        raise InputError(f"Cannot be written: {error.strerror}", path=folder) from error
    return path


def _work(config: BenchConfig) -> Any:
    def work(task: Task) -> dict[str, Json]:
        kind, setting = task
        stage = config.stage(kind, setting.stage)
        if isinstance(stage, DigitStage) and kind == "mitigate":
            row = tried_mitigation(stage, setting, config.seed)
        else:
            row = (tried_clean if kind == "clean" else tried)(stage, setting, config.seed)
        return {"kind": kind, **row}

    return work


def _name(task: Task) -> str:
    kind, setting = task
    return f"{kind} {setting.name}"


def _kept(config: BenchConfig) -> dict[str, dict[str, Json]]:
    """Rows by name that an earlier call with these sizes and this seed left."""
    path = None if config.out is None else config.out / ROWS
    if path is None or not path.exists():
        return {}
    try:
        head, *rows = list(_lines(path))
    except ValueError as error:
        raise InputError(
            f"Is no file of rows: {error}", path=path, remedy="delete it, or name another --out"
        ) from error
    if head.get("schema") != SCHEMA or head.get("key") != config.key:
        raise InputError(
            "Holds rows of other sizes or another seed", path=path, remedy="delete it, or name another --out"
        )
    return {f"{row['kind']} {row['name']}": row for row in rows}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole line: the last one may have been cut off."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines):
        try:
            yield json.loads(line)
        except ValueError:
            if number + 1 < len(lines) or number == 0:
                raise


def _append(folder: Path | None, config: BenchConfig, row: dict[str, Json]) -> None:
    if folder is None:
        return
    path = folder / ROWS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lines: Sequence[dict[str, Json]] = [row] if path.exists() else [{"schema": SCHEMA, "key": config.key}, row]
        cut = path.exists() and not path.read_bytes().endswith(b"\n")
        with path.open("a", encoding="utf-8") as file:
            file.write("\n" if cut else "")
            file.writelines(json.dumps(line, allow_nan=False) + "\n" for line in lines)
    except OSError as error:
        raise InputError(f"Cannot be written: {error.strerror}", path=path) from error
