"""Sensitivity: how often the audit finds a planted flaw, over effect sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.app.selftest.cast import HONEST, Part, Stages
from audit.app.selftest.signs import fires
from audit.app.selftest.tally import Tally
from audit.app.selftest.workers import each
from audit.core.canonical import Json
from audit.store.asker import Progress, quiet

GOAL, FLOOR = 0.95, 0.90
"""Power that every flaw promises at its stated effect, and what its lower bound has to reach."""
STEPS = (0.25, 0.5, 1.0)
"""Parts of the stated effect."""
RESAMPLES = 2000
"""Fewer than the policy's 10,000: that can only cost power, since no p-value is below 1 / (resamples + 1)."""


@dataclass(frozen=True)
class Powered:
    """How often a flaw was found at an effect (0: the honest model, where each hit is false), and how often what has
    to stay quiet did not. `stated` marks the effect that the flaw promises to be found at."""

    name: str
    finds: tuple[str, ...]
    spares: tuple[str, ...]
    effect: float
    found: Tally
    spoilt: Tally
    stated: bool

    def plain(self) -> dict[str, Json]:
        """As plain data."""
        return {
            "name": self.name,
            "finds": list(self.finds),
            "spares": list(self.spares),
            "effect": self.effect,
            "found": self.found.plain(),
            "spoilt": self.spoilt.plain(),
            "stated": self.stated,
        }


def power(
    stages: Stages,
    parts: Sequence[Part],
    runs: int,
    *,
    curve: int = 0,
    seed: int = 0,
    processes: int = 1,
    progress: Progress = quiet,
) -> tuple[Powered, ...]:
    """Each part at its stated effect (`runs` audits), and at none, a quarter and half of it (`curve` audits)."""
    ready = {name: stages.named(name).resampled(RESAMPLES) for name in dict.fromkeys(part.stage for part in parts)}
    steps = [(part, step, runs if step == 1 else curve) for part in parts for step in (0.0, *STEPS)]
    tasks = [(place, number) for place, (_, _, count) in enumerate(steps) for number in range(count)]

    def work(task: tuple[int, int]) -> tuple[bool, bool]:
        place, number = task
        part, step, _ = steps[place]
        model = HONEST.flawed(part.flaw, step * part.flaw.effect)
        findings = ready[part.stage].audit(model, HONEST, _seed(seed, place, number)).findings
        return fires(findings, part.flaw.finds), fires(findings, part.flaw.spares)

    seen = dict(zip(tasks, each(work, tasks, processes, progress), strict=True))
    rows = []
    for place, (part, step, count) in enumerate(steps):
        if count:
            results = [seen[place, number] for number in range(count)]
            found, spoilt = (Tally(sum(result[k] for result in results), count) for k in (0, 1))
            flaw = part.flaw
            effect = round(step * flaw.effect, 4)
            rows.append(Powered(part.name, flaw.finds, flaw.spares, effect, found, spoilt, step == 1))
    return tuple(rows)


def _seed(seed: int, place: int, number: int) -> int:
    return 1_000_000 * (seed + 1) + 10_000 * place + number
