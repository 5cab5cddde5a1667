"""Rows of a question file: JSON, JSON lines or CSV, read strictly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from audit.core.errors import InputError
from audit.data.csvtable import read_table

MAX_BYTES = 500_000_000
REMEDY = "a row has question, answer and image, and may have options, answer_type, question_type"
_ROW = Mapping[str, Any]


def read_rows(path: Path) -> list[tuple[int, _ROW]]:
    """(number, row) of every row. Raises `InputError` naming the row for what is no such file."""
    if path.suffix.lower() == ".csv":
        table = read_table(path, ("question", "answer"), aliases={})
        return [(number, {key: value for key, value in cells.items() if value}) for number, cells in table.rows]
    text = _text(path)
    rows = list(_lines(path, text)) if path.suffix.lower() == ".jsonl" else list(_list(path, text))
    if not rows:
        raise InputError("has no rows", path=path, remedy=REMEDY)
    return rows


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("is larger than 500 MB", path=path, remedy="split it")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", path=path, remedy="save it as UTF-8") from error


def _lines(path: Path, text: str) -> Iterator[tuple[int, _ROW]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _object(_parsed(path, line, number), path, number)


def _list(path: Path, text: str) -> Iterator[tuple[int, _ROW]]:
    data = _parsed(path, text, None)
    if not isinstance(data, list):
        raise InputError("expected a list of rows", path=path, remedy=REMEDY)
    for number, row in enumerate(data, 1):
        yield number, _object(row, path, number)


def _parsed(path: Path, text: str, row: int | None) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_distinct, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {str(error)[:100]}", path=path, row=row, remedy=REMEDY) from error


def _object(row: object, path: Path, number: int) -> _ROW:
    if not isinstance(row, dict):
        raise InputError("expected an object", path=path, row=number, remedy=REMEDY)
    return row


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(name for name in names if names.count(name) > 1)[:60]!r} stands twice")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
