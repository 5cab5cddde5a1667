"""Answers as the text that the store keeps: canonical JSON, fields that are empty left out."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from audit.core.answer import Answer
from audit.core.canonical import canonical

_EMPTY = asdict(Answer())


def encode(answer: Answer) -> str:
    """The answer as canonical JSON; read back by `decode` to an equal answer."""
    full = asdict(answer)
    return canonical({name: value for name, value in full.items() if value != _EMPTY[name]}).decode(
        "utf-8", "surrogatepass"
    )


def decode(text: str) -> Answer:
    """The answer that `encode` wrote. Unknown fields, of a newer version, are left out."""
    data = json.loads(text)
    known = {field.name for field in fields(Answer)}
    kept = {name: value for name, value in data.items() if name in known}
    if "notes" in kept:
        kept["notes"] = tuple(kept["notes"])
    return Answer(**kept)
