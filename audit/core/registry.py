"""Registries: names to factories, given as "module:attribute" so that nothing is imported before it is used."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

from audit.core.errors import InputError


@dataclass(frozen=True)
class Registry:
    """Built-in entries (a table of "module:attribute") and those of third parties, by entry-point group."""

    noun: str
    group: str
    builtin: Mapping[str, str]

    def targets(self) -> dict[str, str]:
        """All names with their "module:attribute"; a built-in name cannot be taken over."""
        found = {point.name: point.value for point in entry_points(group=self.group)}
        return {**found, **self.builtin}

    def load(self, name: str) -> Any:
        """The object registered under `name`. Raises `InputError` for an unknown name or an entry that fails to
        import."""
        targets = self.builtin if name in self.builtin else self.targets()
        if name not in targets:
            known = ", ".join(sorted(targets))
            raise InputError(f"Unknown {self.noun} {name!r}", remedy=f"known: {known}")
        module, _, attribute = targets[name].partition(":")
        try:
            return getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            raise InputError(f"The {self.noun} {name!r} ({targets[name]}) cannot be imported: {error}") from error
