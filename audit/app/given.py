"""Settings as they were given, by flag or file: read as what they must be, or refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audit.core.errors import InputError


@dataclass(frozen=True)
class Given:
    """Values by the name of their flag (underscores for hyphens); None or absent where nothing was given."""

    values: Mapping[str, object]

    def text(self, name: str) -> str | None:
        """The value as text."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def path(self, name: str) -> Path | None:
        """The value as a path, `~` expanded."""
        value = self.text(name)
        return None if value is None else Path(value).expanduser()

    def number(self, name: str, least: int = 1) -> int | None:
        """A whole number of at least `least`. Raises `InputError` for anything else."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError(f"Expected {name} to be a whole number but got {value!r}")
        if value < least:
            raise InputError(f"Expected {name} to be {least} or more but got {value}")
        return value

    def several(self, name: str) -> tuple[str, ...]:
        """The values as texts, none where nothing was given; one value is a list of one."""
        value = self.values.get(name) or ()
        return tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)
