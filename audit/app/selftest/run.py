"""A self-test from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from audit.app.selftest import coverage as intervals
from audit.app.selftest import power as sensitivity
from audit.app.selftest import threshold as limits
from audit.app.selftest.cast import Part, Stages
from audit.app.selftest.clean import clean
from audit.app.selftest.coverage import coverage
from audit.app.selftest.power import power
from audit.app.selftest.report import SECTIONS
from audit.app.selftest.runner import Runner
from audit.app.selftest.threshold import at_threshold
from audit.app.selftest.unsteady import unsteady
from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.store.asker import Progress, quiet


@dataclass(frozen=True)
class Sizes:
    """How many runs: audits per flaw at its stated effect, at each other step of its power curve, of clean models, of
    models that disagree with themselves, of models at their thresholds; and draws per interval."""

    power: int
    curve: int
    clean: int
    unsteady: int
    threshold: int
    coverage: int


QUICK = Sizes(power=1, curve=0, clean=1, unsteady=1, threshold=1, coverage=100)
FULL = Sizes(power=60, curve=20, clean=400, unsteady=200, threshold=400, coverage=5000)


@dataclass(frozen=True)
class SelfTest:
    """What is to be tried. `only` names sections (power, clean, unsteady, threshold, coverage) or parts of
    the names of flaws."""

    sizes: Sizes = QUICK
    only: tuple[str, ...] = ()
    seed: int = 0
    processes: int = 1
    out: Path | None = None
    command: str = "medaudit selftest"

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections asked for; a flaw asks for that of power."""
        if not self.only:
            return SECTIONS
        named = [name for name in SECTIONS if name in self.only]
        return tuple(dict.fromkeys((*named, *(["power"] if self.flaws else []))))

    @property
    def flaws(self) -> tuple[str, ...]:
        """What was asked for and is no section."""
        return tuple(name for name in self.only if name not in SECTIONS)

    @cached_property
    def stages(self) -> Stages:
        """What the parts are played on; planned once."""
        return Stages.of_default()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The flaws to be planted. Raises `InputError` for a name that is in none of theirs."""
        parts = self.stages.parts()
        for name in self.flaws:
            if not any(name in part.name for part in parts):
                known = ", ".join(dict.fromkeys((*SECTIONS, *(part.name for part in parts))))
                raise InputError(f"--only {name!r} names nothing", remedy=f"known: {known}")
        return tuple(part for part in parts if not self.flaws or any(name in part.name for name in self.flaws))


def selftest(asked: SelfTest, progress: Progress = quiet) -> dict[str, Json]:
    """The results of the sections asked for, as plain data. Raises `InputError`."""
    made: dict[str, Json] = {}
    sizes, runner = asked.sizes, Runner(asked.seed, asked.processes, asked.out, progress)
    command: dict[str, Json] = {"command": f"`{asked.command}`", "seed": asked.seed}
    for section in asked.sections:
        probes: list[Json] = [] if section == "coverage" else list(asked.stages.whole.probes)
        if section == "power":
            rows = power(asked.stages, asked.parts, sizes.power, curve=sizes.curve, runner=runner)
            left_out = dict(asked.stages.whole.left_out)
            made[section] = {
                **command,
                "resamples": sensitivity.RESAMPLES,
                "rows": _plain(rows),
                "left_out": left_out,
            }
        elif section == "clean":
            own = asked.stages.whole.prepared.policy.resamples
            found = clean(asked.stages, sizes.clean, runner=runner)
            made[section] = {**command, "resamples": own, "probes": probes, **found.plain()}
        elif section == "unsteady":
            noisy = unsteady(asked.stages, sizes.unsteady, runner=runner)
            made[section] = {**command, "resamples": sensitivity.RESAMPLES, "runs": sizes.unsteady, **noisy.plain()}
        elif section == "threshold":
            passed = at_threshold(asked.stages, sizes.threshold, runner=runner)
            made[section] = {**command, "resamples": limits.RESAMPLES, "probes": probes, **passed.plain()}
        else:
            held = coverage(sizes.coverage, runner=runner)
            made[section] = {**command, "resamples": intervals.RESAMPLES, "rows": _plain(held)}
    return made


def _plain(rows: Sequence[sensitivity.Powered] | Sequence[intervals.Covered]) -> list[Json]:
    return [row.plain() for row in rows]
