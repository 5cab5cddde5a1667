"""The options of a probe as they were given, by flag or file: read as what they must be, or refused by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.core.errors import InputError


@dataclass(frozen=True)
class Settings:
    """Values by key, as typed or as YAML has them; errors name them as `PROBE.KEY`. Raises `InputError` for a key that
    is not among `known`."""

    probe: str
    given: Mapping[str, object]
    known: tuple[str, ...]

    def __post_init__(self) -> None:
        for key in self.given:
            if key not in self.known:
                raise InputError(f"Unknown option {self.probe}.{key}", remedy=f"known: {', '.join(self.known)}")

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number within limits. Raises `InputError` for anything else."""
        value = self.given.get(key, default)
        text = str(value).strip()
        if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not low <= int(text[:12]) <= high:
            raise self.wrong(key, f"a whole number, {low} to {high},")
        return int(text)

    def words(self, key: str, default: Sequence[str], *, none: bool = False) -> tuple[str, ...]:
        """A comma-separated text or a list, blanks dropped, none twice; with `none`, "none" is nothing."""
        value = self.given.get(key, default)
        parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
        words = tuple(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))
        return () if none and words == ("none",) else words

    def several(
        self, key: str, default: Sequence[str], allowed: Sequence[str], *, none: bool = False
    ) -> tuple[str, ...]:
        """Words that are all `allowed`, in that order; at least one unless `none`. Raises `InputError`."""
        words = self.words(key, default, none=none)
        if not (words or none) or any(word not in allowed for word in words):
            raise self.wrong(key, f"some of {', '.join(allowed)}")
        return tuple(word for word in allowed if word in words)

    def one(self, key: str, default: str, allowed: Sequence[str]) -> str:
        """One of `allowed`. Raises `InputError` for anything else."""
        value = self.given.get(key, default)
        if value not in allowed:
            raise self.wrong(key, f"one of {', '.join(allowed)}")
        return str(value)

    def wrong(self, key: str, wanted: str) -> InputError:
        """The error that a value is not what it must be."""
        return InputError(f"Expected {self.probe}.{key} to be {wanted} but got {self.given.get(key)!r}")
