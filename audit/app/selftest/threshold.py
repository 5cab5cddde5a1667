"""False passes: models that stand exactly at every threshold of the default policy, so that any pass is false."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from audit.app.selftest.cast import Stages
from audit.app.selftest.persona import ICC, Persona
from audit.app.selftest.runner import ALONE, Runner
from audit.app.selftest.tally import Tally
from audit.core.canonical import Json
from audit.core.item import Request
from audit.core.observation import ModelRole
from audit.policy.policy import Policy

RESAMPLES = 1000
"""Enough for tests at alpha / 8: no one-sided p-value below 1 / 1001 is needed."""
PAIR, POLARITY = "pair", "polarity"


@dataclass(frozen=True)
class Passed:
    """How often any endpoint passed, how often the whole audit did, and each endpoint."""

    any_pass: Tally
    overall: Tally
    endpoints: Mapping[str, Tally]
    alpha: float

    def plain(self) -> dict[str, Json]:
        """As plain data."""
        return {
            "any_pass": self.any_pass.plain(),
            "overall": self.overall.plain(),
            "endpoints": {name: tally.plain() for name, tally in self.endpoints.items()},
            "alpha": self.alpha,
        }


def at_threshold(stages: Stages, runs: int, *, runner: Runner = ALONE) -> Passed:
    """`runs` audits of a model exactly at its limits: `sides` says how that is done for the probes that it knows."""
    stage = stages.whole.resampled(RESAMPLES)
    what, policy = stage.what, stage.prepared.policy
    model, base = sides(policy, "model"), sides(policy, "base")

    def work(name: str) -> Json:
        outcome = stage.audit(model, base, runner.seed_of(name))
        known = [f for f in outcome.findings if f.role == "primary" and f.metric in AT_LIMIT]
        return [outcome.overall.verdict, {f"{f.metric}:{f.comparison}": f.verdict for f in known}]

    names = [f"threshold: {number}" for number in range(runs)]
    return passed(runner.results(work, dict(zip(names, names, strict=True)), lambda _: what), policy.alpha)


def passed(seen: Sequence[Any], alpha: float) -> Passed:
    """The audits counted: (verdict, verdict by endpoint) of each."""
    runs = len(seen)
    names = dict.fromkeys(name for _, verdicts in seen for name in verdicts)
    return Passed(
        Tally(sum("pass" in verdicts.values() for _, verdicts in seen), runs),
        Tally(sum(verdict == "pass" for verdict, _ in seen), runs),
        {name: Tally(sum(verdicts.get(name) == "pass" for _, verdicts in seen), runs) for name in names},
        alpha,
    )


AT_LIMIT = frozenset(
    (
        "medobvious.sensitivity",
        "medobvious.false_alarm_rate",
        "medobvious.youden_j",
        "mediconfusion.set_accuracy",
        "shifts.accuracy",
    )
)


def sides(policy: Policy, role: ModelRole) -> Persona:
    """The model at its thresholds, and a base that is better by exactly the margins."""
    limits = {end.metric: end.threshold for end in policy.primary if end.threshold is not None}
    better = role == "base"
    found, alarms, pairs = (
        limits[name] for name in ("medobvious.sensitivity", "medobvious.false_alarm_rate", "mediconfusion.set_accuracy")
    )
    part = policy.margin("medobvious.youden_j") / 2 if better else 0.0
    both = pairs + (policy.margin("mediconfusion.set_accuracy") if better else 0.0)
    plain = found + (policy.margin("shifts.accuracy") if better else 0.0)

    def skill(request: Request) -> float:
        tags = request.item.tags
        if PAIR in tags:
            return single(both)
        if POLARITY not in tags:
            return plain
        return found + part if tags[POLARITY] == "positive" else 1 - (alarms - part)

    return Persona(f"{role} at its limits", skill)


@lru_cache(maxsize=8)
def single(both: float) -> float:
    """The chance of one right answer for which two about one cluster are both right with chance `both`."""

    def excess(one: float) -> float:
        place = float(ndtri(one))
        return float(multivariate_normal.cdf([place, place], cov=[[1, ICC], [ICC, 1]])) - both

    return float(brentq(excess, both, 1 - 1e-9))
