"""Answers as the text that the store keeps: JSON, fields that are empty left out."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from audit.core.answer import Answer

_EMPTY = asdict(Answer())


def encode(answer: Answer) -> str:
    """The answer as JSON in plain ASCII (a model may say what no encoding holds); `decode` gives an equal answer."""
    full = asdict(answer)
    said = {name: value for name, value in full.items() if value != _EMPTY[name]}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), allow_nan=False)


def decode(text: str) -> Answer:
    """The answer that `encode` wrote. Unknown fields, of a newer version, are left out."""
    data = json.loads(text)
    known = {field.name for field in fields(Answer)}
    kept = {name: value for name, value in data.items() if name in known}
    if "notes" in kept:
        kept["notes"] = tuple(kept["notes"])
    return Answer(**kept)
