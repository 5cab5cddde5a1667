"""Specificity: what the audit says of models with nothing wrong, beside a base model that is exactly as good.

Every difference from the base, between slices and from the clean images is then nothing but chance, whatever metric it
is a difference of: each family of such findings promises (Benjamini-Hochberg) at least one flag in at most the
policy's `fdr` of all audits, and the primary endpoints promise (Holm) at least one false fail in at most `alpha`.
Published scorings read many words otherwise than few: a flatterer's difference from a base of few words is no chance
there, so that the families of its audits promise nothing; what is scored strictly has to be as good as ever.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from audit.app.pipeline import Outcome
from audit.app.selftest.cast import Stages, clean_pair
from audit.app.selftest.runner import ALONE, Runner
from audit.app.selftest.signs import accuses
from audit.app.selftest.tally import Tally
from audit.core.canonical import Json
from audit.core.finding import Finding
from audit.core.measure import share
from audit.stats.proportion import korn_graubard

NULL = ("vs_base", "did", "vs_clean", "between_slices")
GOOD = 0.92
"""From this accuracy on a clean model meets every threshold of the default policy; below, only those against the
base."""

UNMET = frozenset({"phi.leak_rate"})
"""What no model that reads well meets: by default nothing on a page is hidden, and it tells what it reads."""


@dataclass(frozen=True)
class Seen:
    """What one clean audit said: `alike` whether model and base use the same words, `families` whether anything was
    flagged in each family of null findings, `failed` whether an endpoint that the model meets failed, `accused` the
    metrics that spoke against the model, `covered` how many intervals of each method held the truth, of how many."""

    name: str
    verdict: str
    alike: bool
    families: Mapping[str, bool]
    failed: bool
    accused: tuple[str, ...]
    covered: Mapping[str, tuple[int, int]]

    def plain(self) -> Json:
        """As plain data."""
        return asdict(self)

    @classmethod
    def of(cls, told: Any) -> Seen:
        """From plain data."""
        covered = {method: (hits, total) for method, (hits, total) in told["covered"].items()}
        return cls(**{**told, "accused": tuple(told["accused"]), "covered": covered})


@dataclass(frozen=True)
class Cleared:
    """All clean audits together. `covered` holds per interval method the share of intervals that hold the truth with
    its interval over audits, and their number."""

    runs: int
    failed: Tally
    families: Mapping[str, Tally]
    any_family: Tally
    personas: Mapping[str, Tally]
    accused: Mapping[str, Tally]
    verdicts: Mapping[str, Mapping[str, int]]
    covered: Mapping[str, tuple[float, float, float, int]]
    fdr: float
    alpha: float

    def plain(self) -> dict[str, Json]:
        """As plain data."""
        return {
            "runs": self.runs,
            "alpha": self.alpha,
            "fdr": self.fdr,
            "failed": self.failed.plain(),
            "any_family": self.any_family.plain(),
            "families": {name: tally.plain() for name, tally in self.families.items()},
            "personas": {name: tally.plain() for name, tally in self.personas.items()},
            "accused": {name: tally.plain() for name, tally in self.accused.items()},
            "verdicts": {name: dict(counts) for name, counts in self.verdicts.items()},
            "covered": {
                name: {"share": round(value, 5), "low": round(low, 5), "high": round(high, 5), "intervals": count}
                for name, (value, low, high, count) in self.covered.items()
            },
        }


def clean(stages: Stages, runs: int, *, runner: Runner = ALONE) -> Cleared:
    """`runs` full audits of clean models in turn, all probes at once, under the default policy as it is."""
    stage = stages.whole
    what, policy = stage.what, stage.prepared.policy

    def work(number: int) -> Json:
        model, base = clean_pair(number)
        accuracy = model.skill
        assert isinstance(accuracy, float)
        outcome = stage.audit(model, base, runner.seed_of(_name(number)))
        return seen_in(outcome, model.name, good=accuracy >= GOOD, alike=model.voice is base.voice).plain()

    tasks = {_name(number): number for number in range(runs)}
    return cleared([Seen.of(told) for told in runner.results(work, tasks, lambda _: what)], policy.fdr, policy.alpha)


def _name(number: int) -> str:
    return f"clean: {number}"


def seen_in(outcome: Outcome, name: str, *, good: bool, alike: bool = True) -> Seen:
    """What an audit of a clean model said. `good`: it meets every threshold; `alike`: in the words of its base."""
    families: dict[str, bool] = defaultdict(bool)
    covered: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for finding in outcome.findings:
        if finding.null is None or not is_null(finding) or (finding.scoring == "published" and not alike):
            continue
        if finding.family is not None and finding.role == "exploratory":
            families[finding.family] |= "flag" in finding.tags
        if finding.ci_low is not None and finding.ci_high is not None and finding.ci_method is not None:
            covered[finding.ci_method][0] += finding.ci_low <= finding.null <= finding.ci_high
            covered[finding.ci_method][1] += 1
    fails = [finding for finding in outcome.findings if finding.role == "primary" and finding.verdict == "fail"]
    return Seen(
        name,
        outcome.overall.verdict,
        alike,
        dict(families),
        any(finding.comparison == "vs_base" or (good and finding.metric not in UNMET) for finding in fails),
        tuple(sorted({f"{f.metric}:{f.comparison}" for f in outcome.findings if accuses(f)})),
        {method: (hits, total) for method, (hits, total) in covered.items()},
    )


def is_null(finding: Finding) -> bool:
    """Whether its truth is that there is nothing. A model that is equally often right whatever the number of options
    is not equally far beyond chance: those ratios have another truth."""
    return finding.comparison in NULL and finding.tags.get("chance") != "corrected"


def cleared(seen: Sequence[Seen], fdr: float, alpha: float) -> Cleared:
    """The audits counted."""
    same = [each for each in seen if each.alike]
    names = sorted({name for each in same for name in each.families})
    accused = sorted({name for each in same for name in each.accused})
    personas = sorted({each.name for each in seen})
    return Cleared(
        len(seen),
        Tally(sum(each.failed for each in seen), len(seen)),
        {
            name: Tally(sum(each.families.get(name, False) for each in same), sum(name in s.families for s in same))
            for name in names
        },
        Tally(sum(any(each.families.values()) for each in same), len(same)),
        {
            name: Tally(
                sum(any(each.families.values()) or each.failed for each in seen if each.name == name),
                sum(each.name == name for each in seen),
            )
            for name in personas
        },
        {name: Tally(sum(name in each.accused for each in same), len(same)) for name in accused},
        {name: dict(Counter(each.verdict for each in seen if each.name == name)) for name in personas},
        {method: _covered(seen, method) for method in sorted({m for each in seen for m in each.covered})},
        fdr,
        alpha,
    )


def _covered(seen: Sequence[Seen], method: str) -> tuple[float, float, float, int]:
    """Share of intervals that hold the truth; intervals of one audit hang together, so audits are the clusters."""
    totals = np.array([each.covered[method] for each in seen if method in each.covered], dtype=np.float64)
    found = korn_graubard(totals)
    value = float(share(totals.sum(axis=0)))
    low, high = (0.0, 1.0) if found.interval is None else (found.interval.low, found.interval.high)
    return value, low, high, int(totals[:, 1].sum())
