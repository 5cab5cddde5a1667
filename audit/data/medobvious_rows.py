"""Rows of the official MedObvious file, checked."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from audit.core.canonical import Json
from audit.core.errors import InputError

TASK_TYPES = ("detection_mcq", "detection_open", "referring_mcq", "referring_open", "visual_referring")
MAX_LINE_BYTES = 10_000_000

_ID = re.compile(
    r"v(?P<tier>\d+)_(?P<base>.+?)_(?P<suffix>det_mcq|det_open|ref_mcq|ref_open|vis_pos|det_mcq_neg|det_open_neg|vis_neg)"
)
_STEM = re.compile(r"(?P<base>.+?)_(?P<what>neg_grid|grid|vis_pos|vis_neg)")
_REMEDY = "rows are those of the official all_tasks.jsonl"


@dataclass(frozen=True)
class TaskRow:
    """One row: `image` is the usable part of its image path, `boxed` whether a red box is drawn into the picture,
    `base` names the base grid, `n` the grid's side where the options say it."""

    number: int
    id: str
    image: str
    tier: int
    base: str
    task_type: str
    question: str
    options: Mapping[str, str]
    answer: str
    answer_position: str | None
    answer_keywords: Json
    is_negative: bool

    @property
    def boxed(self) -> bool:
        return self.task_type == "visual_referring"

    @property
    def n(self) -> int | None:
        side = math.isqrt(max(0, len(self.options) - 1))
        return side if side > 1 and side * side == len(self.options) - 1 else None

    def meta(self, n: int) -> dict[str, Json]:
        """The row as plain data, for a record."""
        return {
            "task_type": self.task_type,
            "question": self.question,
            "options": dict(self.options),
            "answer": self.answer,
            "answer_position": self.answer_position,
            "answer_keywords": self.answer_keywords,
            "is_negative": self.is_negative,
            "tier": self.tier,
            "base": self.base,
            "n": n,
        }


def read_rows(path: Path) -> tuple[TaskRow, ...]:
    """All rows of `all_tasks.jsonl`. Raises `InputError` naming the row for anything that is not one."""
    rows: list[TaskRow] = []
    first_seen: dict[str, int] = {}
    try:
        for number, data in _objects(path):
            row = _row(number, data, path)
            earlier = first_seen.setdefault(row.id, number)
            if earlier != number:
                raise _bad(f"second row with the id {row.id!r} (first: row {earlier})", path, number)
            rows.append(row)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    if not rows:
        raise InputError("holds no rows", path=path, remedy=_REMEDY)
    return tuple(rows)


def _bad(problem: str, path: Path, number: int) -> InputError:
    return InputError(problem, path=path, row=number, remedy=_REMEDY)


def _objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(line) > MAX_LINE_BYTES:
                raise _bad("the line is longer than 10 MB", path, number)
            if not line.strip():
                continue
            try:
                data = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"), parse_constant=_no_constant)
            except (ValueError, RecursionError) as error:
                raise _bad(f"not JSON: {str(error)[:100]}", path, number) from error
            if not isinstance(data, dict):
                raise _bad("expected one JSON object per line", path, number)
            yield number, data


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _row(number: int, data: Mapping[str, Any], path: Path) -> TaskRow:
    for name in ("id", "image_path", "task_type", "question", "answer"):
        if not isinstance(data.get(name), str) or not data[name].strip():
            raise _bad(f"the field {name!r} is missing or no text", path, number)
    if data["task_type"] not in TASK_TYPES:
        raise _bad(f"the task_type {data['task_type'][:40]!r} is unknown", path, number)
    image = usable_part(data["image_path"])
    named = _ID.fullmatch(data["id"])
    tier = named["tier"] if named else _tier_of(image)
    if tier is None or len(tier) > 3:
        raise _bad("neither the id nor the image path names a tier", path, number)
    stem = _STEM.fullmatch(Path(image).stem)
    base = named["base"] if named else stem["base"] if stem else data["id"]
    return TaskRow(
        number=number,
        id=data["id"],
        image=image,
        tier=int(tier),
        base=f"v{int(tier)}_{base}",
        task_type=data["task_type"],
        question=data["question"],
        options=_options(data, path, number),
        answer=data["answer"],
        answer_position=_optional_text(data, "answer_position", path, number),
        answer_keywords=_keywords(data, path, number),
        is_negative=_negative(data, path, number),
    )


def usable_part(image_path: str) -> str:
    """The part of an absolute path of its author's machine that means something here: what follows
    `benchmark_refined/`, else the file name."""
    plain = image_path.replace("\\", "/").replace("\0", "")
    _, found, rest = plain.rpartition("benchmark_refined/")
    return rest if found else plain.rpartition("/")[2]


def _tier_of(image: str) -> str | None:
    found = re.match(r"v(\d+)[/_]", image)
    return found[1] if found else None


def _options(data: Mapping[str, Any], path: Path, number: int) -> dict[str, str]:
    options = data.get("options")
    asked = data["task_type"].endswith("_mcq")
    if options in (None, {}, []) and not asked:
        return {}
    texts = isinstance(options, dict) and all(isinstance(text, str) for text in options.values())
    if not texts or not options:
        raise _bad("the field 'options' is missing or no object of letters and labels", path, number)
    return dict(cast("dict[str, str]", options))


def _optional_text(data: Mapping[str, Any], name: str, path: Path, number: int) -> str | None:
    if not isinstance(data.get(name), str | None):
        raise _bad(f"the field {name!r} is no text", path, number)
    return data.get(name)


def _keywords(data: Mapping[str, Any], path: Path, number: int) -> Json:
    words = data.get("answer_keywords")
    if words is None or isinstance(words, str):
        return words
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return list(words)
    raise _bad("the field 'answer_keywords' is no list of texts", path, number)


def _negative(data: Mapping[str, Any], path: Path, number: int) -> bool:
    if not isinstance(data.get("is_negative"), bool):
        raise _bad("the field 'is_negative' is missing or neither true nor false", path, number)
    return cast(bool, data["is_negative"])
