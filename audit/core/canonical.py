"""Canonical bytes and digests of plain data: what every key and fingerprint is made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

type_error = "Expected plain data (str, int, float, bool, None, list, dict with str keys) but got {!r}."

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def canonical(value: Json) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: equal data, equal bytes.

    Floats are written by `repr` (shortest text that reads back equal); NaN and infinities raise
    `ValueError`, anything that is not plain data raises `TypeError`.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_refuse
    ).encode("utf-8", "surrogatepass")


def digest(value: Json) -> str:
    """sha256 (64 hex digits) of `canonical(value)`."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _refuse(value: object) -> Json:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type_error.format(value))
