"""Sensitivity: how often the audit finds a planted flaw, over effect sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from audit.app.selftest.cast import HONEST, Part, Stages
from audit.app.selftest.runner import ALONE, Runner
from audit.app.selftest.signs import fires
from audit.app.selftest.tally import Tally
from audit.core.canonical import Json

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
    stages: Stages, parts: Sequence[Part], runs: int, *, curve: int = 0, runner: Runner = ALONE
) -> tuple[Powered, ...]:
    """Each part at its stated effect (`runs` audits), and at none, a quarter and half of it (`curve` audits)."""
    ready = {name: stages.named(name).resampled(RESAMPLES) for name in dict.fromkeys(part.stage for part in parts)}
    what = {name: stage.what for name, stage in ready.items()}
    steps = [(part, step, runs if step == 1 else curve) for part in parts for step in (0.0, *STEPS)]
    # In rounds over all flaws: a self-test that is stopped early knows something of each.
    tasks = {
        _name(part, step, number): (part, step, number)
        for number in range(max(runs, curve))
        for part, step, count in steps
        if number < count
    }

    def work(task: tuple[Part, float, int]) -> Json:
        part, step, _ = task
        model = HONEST.flawed(part.flaw, step * part.flaw.effect)
        findings = ready[part.stage].audit(model, HONEST, runner.seed_of(_name(*task))).findings
        return [fires(findings, part.flaw.finds), fires(findings, part.flaw.spares)]

    results = runner.results(work, tasks, lambda task: what[task[0].stage])
    seen = dict(zip(tasks, results, strict=True))
    return tuple(
        _powered(part, step, [seen[_name(part, step, number)] for number in range(count)])
        for part, step, count in steps
        if count
    )


def _powered(part: Part, step: float, results: Sequence[Any]) -> Powered:
    found, spoilt = (Tally(sum(result[k] for result in results), len(results)) for k in (0, 1))
    flaw = part.flaw
    return Powered(part.name, flaw.finds, flaw.spares, round(step * flaw.effect, 4), found, spoilt, stated=step == 1)


def _name(part: Part, step: float, number: int) -> str:
    return f"power: {part.name} at {step * part.flaw.effect:g}, {number}"
