"""The run folder: private, locked while a run is on, its files replaced whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from audit.core.canonical import Json
from audit.core.errors import InputError

RUN_SCHEMA = "medaudit.run/1"
FIXED = ("seed", "plan", "models", "data", "system_prompt", "options")


@contextmanager
def run_folder(path: Path) -> Iterator[Path]:
    """Create (mode 0700) and lock the folder. Raises `InputError` where another process holds it, it cannot be made,
    or it is somebody's folder of other things: those are never closed to others or written into."""
    lock = path / ".lock"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_own(path)
        path.chmod(0o700)
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise InputError(f"The run folder cannot be made: {error.strerror}", path=path) from error
    held = False
    try:
        held = _lock(handle) and _is_at(handle, lock)
        if not held:
            raise InputError(
                "Another medaudit is at work in this folder", path=path, remedy="wait, or use another --out"
            )
        yield path
    finally:
        if held:  # never the lock of another
            lock.unlink(missing_ok=True)
        os.close(handle)


def _check_own(path: Path) -> None:
    if (path / "run.json").exists() or all(file.name.startswith(".") for file in path.iterdir()):
        return
    raise InputError(
        "This folder holds other files and no run",
        path=path,
        remedy="name a new or empty folder, or that of a run to resume",
    )


def _is_at(handle: int, path: Path) -> bool:
    """Whether the open file is still the one at `path`: its last owner may have removed it in between."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _lock(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # no such locks on this platform: SQLite's own lock still keeps the store whole
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True


def write_text(path: Path, text: str) -> None:
    """Write a file whole: to a neighbour first, then renamed over it. Mode 0600."""
    neighbour = path.with_name(f".{path.name}.new")
    handle = os.open(neighbour, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    neighbour.replace(path)


def write_json(path: Path, data: Mapping[str, Json]) -> None:
    """Write plain data, readable and in a fixed order; NaN raises `ValueError`."""
    write_text(path, json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")


def open_record(folder: Path, record: dict[str, Json]) -> dict[str, Json]:
    """Write `run.json` before the first answer, or check it against the one that is there.

    A run of other settings is refused (`InputError`). The policy may change between starts: then
    `policy.fixed_before_run` is false from there on. Returns what was written.
    """
    path = folder / "run.json"
    before = read_record(path)
    if before is not None:
        for name in FIXED:
            if before.get(name) != record.get(name):
                raise InputError(
                    f"This folder holds a run with other settings ({name.replace('_', ' ')} differs)",
                    path=folder,
                    remedy="use another --out, or delete the folder",
                )
        record = {**record, "started": before.get("started", record.get("started"))}
        was, now = before.get("policy"), record.get("policy")
        if isinstance(was, dict) and isinstance(now, dict):
            # cached answers of the run itself do not count against it when it goes on
            fixed = bool(was.get("fixed_before_run")) and was.get("sha256") == now.get("sha256")
            record["policy"] = {**now, "fixed_before_run": fixed}
    write_json(path, record)
    return record


def read_record(path: Path) -> dict[str, Json] | None:
    """The run record at `path`, None where there is none; raises `InputError` for one that is broken."""
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"The record of the run cannot be read: {error}", path=path, remedy="delete the folder"
        ) from error
    if not isinstance(data, dict) or data.get("schema") != RUN_SCHEMA:
        raise InputError(f"Expected a record of schema {RUN_SCHEMA!r}", path=path, remedy="use another --out")
    return data
