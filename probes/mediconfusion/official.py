"""Records of a MediConfusion file, official or mined, to pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from audit.core.dataset import Record
from audit.core.errors import InputError
from probes.mediconfusion.rows import SIDES, Pair


def pairs_of(records: Sequence[Record]) -> Iterator[Pair]:
    """The pairs that records make, in their order. Raises `InputError` for a record that says too little."""
    sides: dict[str, dict[str, Record]] = {}
    for record in records:
        name, side = record.meta.get("pair"), record.meta.get("side")
        if not isinstance(name, str) or side not in SIDES:
            raise InputError(f"Record {record.id!r} belongs to no pair", remedy="load it from a MediConfusion file")
        sides.setdefault(name, {})[str(side)] = record
    for name, found in sides.items():
        if len(found) == len(SIDES):
            yield _pair(name, found[SIDES[0]], found[SIDES[1]])


def _pair(name: str, first: Record, second: Record) -> Pair:
    meta: Any = first.meta
    other: Any = second.meta
    return Pair(
        id=name,
        cluster=first.cluster,
        question=meta["question"],
        options=(meta["options"][0], meta["options"][1]),
        images=(first.image, second.image),
        correct=(meta["correct"], other["correct"]),
        categories=(tuple(meta["categories"]), tuple(other["categories"])),
        alike=meta.get("alike"),
        different=meta.get("different"),
        easy=meta.get("kind") == "easy",
    )
