"""Suites: named lists of probes, kept as data files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audit.core.canonical import digest
from audit.core.errors import InputError

_FOLDER = Path(__file__).parent / "suites"


@dataclass(frozen=True)
class Suite:
    """Probes that belong together. `requires_base`: without a comparison with a base model the suite is incomplete."""

    name: str
    title: str
    about: str
    probes: tuple[str, ...]
    requires_base: bool = False

    @property
    def sha256(self) -> str:
        """A digest of what the suite asks for, for the record of a run."""
        return digest([self.name, list(self.probes), self.requires_base])


def suite_names() -> tuple[str, ...]:
    """The names of all suites, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def load_suite(name: str) -> Suite:
    """The suite of that name; raises `InputError` if there is none."""
    import yaml

    if name not in suite_names():
        raise InputError(f"Unknown suite {name!r}", remedy=f"known: {', '.join(suite_names())}")
    data = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text("utf-8"))
    return Suite(name, data["title"], data["about"], tuple(data["probes"]), bool(data["requires_base"]))
