"""Model specs: one string names a model and its settings, as in `hf:ORG/NAME?dtype=bfloat16`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from audit.core.errors import InputError
from audit.core.redact import redact


@dataclass(frozen=True)
class Spec:
    """`kind:target?key=value&key=value`, taken apart. `text` is the spec as typed, without secrets.

    A key without "=" has the value "". Values are percent-decoded; a "?" belongs to the target only percent-encoded
    (%3F).
    """

    kind: str
    target: str
    settings: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    def only(self, *allowed: str) -> Spec:
        """This spec, if it has no settings beyond `allowed`; raises `InputError` naming the first that is unknown."""
        for key in self.settings:
            if key not in allowed:
                known = ", ".join(allowed) or "none"
                raise InputError(f"Unknown setting {key!r} in model {self.text!r}", remedy=f"known settings: {known}")
        return self

    def number(self, key: str, default: int, *, low: int = 1, high: int = 1_000_000) -> int:
        """The integer setting `key`; raises `InputError` unless it lies in [low, high]."""
        text = self.settings.get(key, str(default))
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise InputError(f"Expected {key} in model {self.text!r} to be {low} to {high} but got {text!r}")
        return value


def parse_spec(text: str) -> Spec:
    """Take a spec apart. Raises `InputError` where there is no `kind:` or nothing behind it."""
    kind, colon, rest = text.strip().partition(":")
    target, _, query = rest.partition("?")
    if not colon or not kind.isidentifier() or not target:
        raise InputError(
            f"Expected a model as kind:target but got {redact(text)!r}",
            remedy="for example hf:/path/to/checkpoint, openai:NAME@http://localhost:8000/v1, demo:medical",
        )
    settings = parse_qsl(query, keep_blank_values=True, strict_parsing=False)
    keys = [key for key, _ in settings]
    for key in keys:
        if keys.count(key) > 1:
            raise InputError(f"Setting {key!r} is given twice in model {redact(text)!r}")
    return Spec(kind, target, dict(settings), redact(text.strip()))
