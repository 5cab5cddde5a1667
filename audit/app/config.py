"""What a run was asked to do: one frozen object, made from flags and the configuration file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from audit.app.repeating import DEFAULT
from audit.core.canonical import Json, digest
from audit.core.errors import InputError
from audit.core.redact import redact
from probes.comparison.metrics import METRICS, Metric

FailOn = Literal["fail", "inconclusive", "never"]
FAIL_ON: tuple[FailOn, ...] = get_args(FailOn)


@dataclass(frozen=True)
class RunConfig:
    """A run. `data` holds (probe or None, path) pairs; `options` maps probes to their given options.

    `metrics` are those of the comparison with the base; `only_compare` leaves the endpoints of everything else out of
    the verdict. `repeats` is how many clean requests of each probe are asked twice, or which share of them,
    `tune_prompts` in how many further formats clean questions are asked, and in each of them again after `shots`
    examples where that is above 0. Paths are as typed. `command` is what the user
    typed, redacted.
    """

    suite: str | None = None
    probes: tuple[str, ...] = ()
    model: str = "demo:medical"
    base: str | None = "demo:base"
    judge: str | None = None
    data: tuple[tuple[str | None, Path], ...] = ()
    labels: Path | None = None
    image_root: Path | None = None
    key: str | None = None
    pick: str = "middle"
    window: str | None = None
    out: Path | None = None
    cache: Path | None = None
    limit: int | None = None
    max_calls: int | None = None
    repeats: int | float = DEFAULT
    tune_prompts: int = 0
    shots: int = 0
    seed: int = 0
    policy: Path | None = None
    images: bool = True
    fail_on: FailOn = "fail"
    system_prompt: Path | None = None
    allow_hosts: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = METRICS
    only_compare: bool = False
    command: str = ""

    @property
    def folder(self) -> Path:
        """Where the run is kept: `out`, else a name that only the same settings share, so that they resume it."""
        if self.out is not None:
            return self.out
        return Path(f"medaudit-run-{digest(self.identity())[:8]}")

    def identity(self) -> dict[str, Json]:
        """What makes this run another run: all that changes which answers are asked for."""
        return {
            "suite": self.suite,
            "probes": list(self.probes),
            "model": redact(self.model),
            "base": None if self.base is None else redact(self.base),
            "judge": None if self.judge is None else redact(self.judge),
            "data": [[probe, str(path)] for probe, path in self.data],
            "labels": str(self.labels),
            **({} if self.image_root is None else {"image_root": str(self.image_root)}),
            "reading": [self.key, self.pick, self.window],
            "limit": self.limit,
            "max_calls": self.max_calls,
            "repeats": self.repeats,
            "tune_prompts": self.tune_prompts,
            **({"shots": self.shots} if self.shots else {}),
            "seed": self.seed,
            "system_prompt": str(self.system_prompt),
            "options": {probe: {k: str(v) for k, v in given.items()} for probe, given in self.options.items()},
        }


def parse_data(values: tuple[str, ...], probes: tuple[str, ...]) -> tuple[tuple[str | None, Path], ...]:
    """`--data` values as (probe or None, path); `probe=PATH` binds only where `probe` is a known name."""
    pairs: list[tuple[str | None, Path]] = []
    for value in values:
        name, equals, rest = value.partition("=")
        if equals and name in probes and not Path(value).exists():
            pairs.append((name, Path(rest).expanduser()))
        else:
            pairs.append((None, Path(value).expanduser()))
    return tuple(pairs)


def parse_settings(values: tuple[str, ...]) -> dict[str, dict[str, object]]:
    """`--set probe.key=value` values as options by probe; raises `InputError` for another form."""
    options: dict[str, dict[str, object]] = {}
    for value in values:
        name, equals, given = value.partition("=")
        probe, dot, key = name.partition(".")
        if not (equals and dot and probe and key):
            raise InputError(f"Expected --set probe.key=value but got {redact(value)!r}")
        options.setdefault(probe, {})[key] = given
    return options
