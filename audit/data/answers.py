"""Answers on disk: JSON lines of the one schema `medaudit.answers/1`, read strictly and written whole."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from audit.core.answer import STATUSES, Status
from audit.core.errors import InputError
from audit.core.item import CLEAN

MAX_LINE_BYTES = 10_000_000


@dataclass(frozen=True)
class AnswerRow:
    """One answer, as a line of an answers file says it.

    `id`, `condition` and `sample` together are unique in a file. `key` is the answer key of an exported query.
    `option_logprobs` maps option labels to finite log-probabilities (an option that was not returned is missing).
    `options` maps labels to texts; `slice` maps column names to values (a bare text in the file is the column
    "slice"). `status` is None where the file says nothing.
    """

    id: str
    answer: str
    condition: str = CLEAN
    sample: int = 0
    key: str | None = None
    option_logprobs: Mapping[str, float] = field(default_factory=dict)
    target: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    cluster: str | None = None
    slice: Mapping[str, str] = field(default_factory=dict)
    answer_type: str | None = None
    status: Status | None = None

    @property
    def place(self) -> tuple[str, str, int]:
        """What a file may hold only once: (id, condition, sample)."""
        return (self.id, self.condition, self.sample)

    def plain(self) -> dict[str, Any]:
        """The row as its line holds it: what is absent is left out."""
        row = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in row.items()
            if name in _ALWAYS or not (value is None or value == {})
        }


_ALWAYS = ("id", "answer", "condition", "sample")
_FIELDS = tuple(entry.name for entry in fields(AnswerRow))


class _BadLineError(Exception):
    """What is wrong with a line, without the place: the reader adds file and line."""


def read_answers(path: Path) -> tuple[AnswerRow, ...]:
    """All rows of an answers file, in its order.

    Raises `InputError` naming file and line (1-based) for anything that is not `medaudit.answers/1`: an unknown or
    missing field, a wrong type, a log-probability that is not finite, a second row with the same (id, condition,
    sample), bytes that are not UTF-8, a line that is cut off or longer than 10 MB, a file without rows.
    """
    first_seen: dict[tuple[str, str, int], int] = {}
    rows: list[AnswerRow] = []
    try:
        with path.open("rb") as stream:
            for number, row in _rows(stream, path):
                earlier = first_seen.setdefault(row.place, number)
                if earlier != number:
                    raise InputError(
                        _duplicate(row, f"row {earlier}"), path=path, row=number, remedy="keep one of them"
                    )
                rows.append(row)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {_why(error)}", path=path, remedy="name a file of JSON lines") from error
    if not rows:
        raise InputError("holds no answers", path=path, remedy="one JSON object per line, with id and answer")
    return tuple(rows)


def write_answers(path: Path, rows: Iterable[AnswerRow]) -> None:
    """Write rows as JSON lines: the file appears whole or not at all (temporary file, then rename; mode 0600).

    Raises `InputError` for a second row with the same (id, condition, sample), a value that the schema forbids,
    or a folder that cannot be written.
    """
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be written: {_why(error)}", path=path) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            for line in _lines(path, rows):
                stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        raise InputError(f"cannot be written: {_why(error)}", path=path) from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def _lines(path: Path, rows: Iterable[AnswerRow]) -> Iterator[bytes]:
    seen: set[tuple[str, str, int]] = set()
    for number, row in enumerate(rows, 1):
        if row.place in seen:
            raise InputError(_duplicate(row, "an earlier row"), path=path, row=number)
        seen.add(row.place)
        data = row.plain()
        try:
            _parse_row(data)
        except _BadLineError as error:
            raise InputError(str(error), path=path, row=number) from error
        yield _encoded(data) + b"\n"


def _encoded(data: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(data, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair, as a server may send: only an escape can hold it
        return json.dumps(data, ensure_ascii=True, allow_nan=False).encode("ascii")


def _rows(stream: BinaryIO, path: Path) -> Iterator[tuple[int, AnswerRow]]:
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        try:
            if len(line) > MAX_LINE_BYTES:
                raise _BadLineError(f"The line is longer than {MAX_LINE_BYTES // 1_000_000} MB")
            text = _decoded(line, first=number == 1)
            if text:
                yield number, _parse_row(_parse_json(text, ended=line.endswith(b"\n")))
        except _BadLineError as error:
            raise InputError(str(error), path=path, row=number, remedy="the schema is medaudit.answers/1") from error


def _decoded(line: bytes, *, first: bool) -> str:
    try:
        return line.decode("utf-8-sig" if first else "utf-8").strip(" \t\r\n")
    except UnicodeDecodeError as error:
        raise _BadLineError(f"The line is not UTF-8 (byte {error.start + 1})") from error


def _parse_json(text: str, *, ended: bool) -> object:
    try:
        return json.loads(text, object_pairs_hook=_distinct, parse_constant=_no_constant)
    except RecursionError as error:
        raise _BadLineError("The line is nested too deeply") from error
    except ValueError as error:
        what = "The line is not JSON" if ended else "The last line is cut off or is not JSON"
        raise _BadLineError(f"{what}: {error}") from error


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) != len(pairs):
        names = [name for name, _ in pairs]
        raise _BadLineError(f"The field {next(n for n in names if names.count(n) > 1)!r} stands twice in one object")
    return data


def _no_constant(name: str) -> NoReturn:
    raise _BadLineError(f"{name} is not a number that JSON knows; leave an unknown log-probability out")


def _parse_row(data: object) -> AnswerRow:
    if not isinstance(data, dict):
        raise _BadLineError("Expected one JSON object per line")
    unknown = [name for name in data if name not in _FIELDS]
    if unknown:
        raise _BadLineError(f"Unknown field {unknown[0]!r}; known: {', '.join(_FIELDS)}")
    given = {name: value for name, value in data.items() if value is not None or name in _ALWAYS}
    values: dict[str, Any] = {name: _CHECKS[name](name, value) for name, value in given.items()}
    for name in ("id", "answer"):
        if name not in values:
            raise _BadLineError(f"The field {name!r} is missing")
    return AnswerRow(**values)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _BadLineError(f"Expected {name!r} to be text but got {_shown(value)}")
    return value


def _filled(name: str, value: object) -> str:
    if not _text(name, value).strip():
        raise _BadLineError(f"The field {name!r} is empty")
    return cast(str, value)


def _count(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _BadLineError(f"Expected {name!r} to be a whole number from 0 on but got {_shown(value)}")
    return value


def _status(name: str, value: object) -> Status:
    if value not in STATUSES:
        raise _BadLineError(f"Expected {name!r} to be one of {', '.join(STATUSES)} but got {_shown(value)}")
    return value


def _texts(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _BadLineError(f"Expected {name!r} to be an object of texts but got {_shown(value)}")
    return {key: _text(f"{name}.{key}", entry) for key, entry in value.items()}


def _options(name: str, value: object) -> dict[str, str]:
    """An object of labels and texts, or a list of texts that are their own labels."""
    if not isinstance(value, list):
        return _texts(name, value)
    texts = [_text(name, entry) for entry in value]
    if len(set(texts)) != len(texts):
        raise _BadLineError(f"An option stands twice in {name!r}")
    return {text: text for text in texts}


def _slice(name: str, value: object) -> dict[str, str]:
    return {"slice": value} if isinstance(value, str) else _texts(name, value)


def _logprobs(name: str, value: object) -> dict[str, float]:
    if not isinstance(value, dict):
        raise _BadLineError(f"Expected {name!r} to be an object of numbers but got {_shown(value)}")
    return {label: _logprob(f"{name}.{label}", entry) for label, entry in value.items()}


def _logprob(name: str, value: object) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # a sum of rounded probabilities may end a hair above log 1
    if not number or not math.isfinite(cast(float, value)) or cast(float, value) > 1e-3:
        raise _BadLineError(f"Expected {name!r} to be a finite log-probability, at most 0, but got {_shown(value)}")
    return float(cast(float, value))


_CHECKS: Mapping[str, Any] = {
    "id": _filled,
    "answer": _text,
    "condition": _filled,
    "sample": _count,
    "key": _filled,
    "option_logprobs": _logprobs,
    "target": _text,
    "options": _options,
    "cluster": _filled,
    "slice": _slice,
    "answer_type": _text,
    "status": _status,
}


def _shown(value: object) -> str:
    """The value, short enough for one line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _duplicate(row: AnswerRow, where: str) -> str:
    return (
        f"Second answer to id {_shown(row.id)}, condition {_shown(row.condition)}, sample {row.sample} (first: {where})"
    )


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
