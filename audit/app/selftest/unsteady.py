"""The noise floor: models that disagree with themselves and have nothing else wrong with them.

About a share of the questions such a model makes up its mind anew whenever it is asked, so that answers flip under
every corruption although none of them matters. Part of the questions is asked twice, as in every run. No flip counts
as a finding then, nor does any difference from clean images or from the base.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.app.selftest.cast import Stages
from audit.app.selftest.persona import Persona
from audit.app.selftest.power import RESAMPLES
from audit.app.selftest.runner import ALONE, Runner
from audit.app.selftest.tally import Tally
from audit.core.canonical import Json
from audit.core.finding import Finding

PROBE = "shifts"
ACCURACY = 0.85
UNSURE = (0.1, 0.3, 0.6)
"""Shares of the questions that a model is unsure about, in turn; the base is in turn as unsure, and sure."""
CLAIMS = ("flips", "vs_clean", "did", "vs_base")


@dataclass(frozen=True)
class Unsteady:
    """In how many audits anything was flagged, by what it was, and how far the models agreed with themselves."""

    claims: Mapping[str, Tally]
    models: Mapping[str, Tally]
    agreement: Mapping[str, float]
    fdr: float

    def plain(self) -> dict[str, Json]:
        """As plain data."""
        return {
            "fdr": self.fdr,
            "claims": {name: tally.plain() for name, tally in self.claims.items()},
            "models": {name: tally.plain() for name, tally in self.models.items()},
            "agreement": {name: round(value, 4) for name, value in self.agreement.items()},
        }


def unsteady(stages: Stages, runs: int, *, runner: Runner = ALONE) -> Unsteady:
    """`runs` audits of the shifts probe, of models that differ in how unsure they are."""
    stage = stages.named(PROBE).asking_again.resampled(RESAMPLES)
    what: Json = {"again": True, "stage": stage.what}

    def work(number: int) -> Json:
        model, base = pair(number)
        return list(seen_in(stage.audit(model, base, runner.seed_of(_name(number))).findings))

    tasks = {_name(number): number for number in range(runs)}
    return counted(runner.results(work, tasks, lambda _: what), stage.prepared.policy.fdr)


def _name(number: int) -> str:
    return f"unsteady: {number}"


def pair(number: int) -> tuple[Persona, Persona]:
    """The model and the base of one audit, equally often right."""
    share = UNSURE[number % len(UNSURE)]
    steady = number // len(UNSURE) % 2 == 1
    beside = "a steady base" if steady else "a base like it"
    return (
        Persona(f"unsure of {share:g}, beside {beside}", ACCURACY, unsure=share),
        Persona("base", ACCURACY, unsure=0.0 if steady else share),
    )


def seen_in(findings: Sequence[Finding]) -> tuple[list[str], float]:
    """What was flagged, and the model's agreement with itself."""
    flagged = {claim_of(finding) for finding in findings if finding.tags.get("flag") and not _good(finding)}
    (agreement,) = [
        finding.estimate
        for finding in findings
        if finding.metric == f"{PROBE}.self_agreement" and (finding.model, finding.comparison) == ("model", "absolute")
    ]
    return sorted(flagged & set(CLAIMS)), float("nan") if agreement is None else agreement


def claim_of(finding: Finding) -> str:
    """What a finding is about: flips in whatever comparison, else its comparison."""
    return "flips" if finding.metric == f"{PROBE}.flip_rate" else finding.comparison


def _good(finding: Finding) -> bool:
    """Few flips are no flag against anybody."""
    return claim_of(finding) == "flips" and finding.comparison == "absolute" and finding.tags["flag"] == "better"


def counted(seen: Sequence[Any], fdr: float) -> Unsteady:
    """The audits counted: (what was flagged, agreement) of each."""
    names = [pair(number)[0].name for number in range(len(seen))]
    own = {name: [told for told, of in zip(seen, names, strict=True) if of == name] for name in dict.fromkeys(names)}
    return Unsteady(
        {claim: Tally(sum(claim in flagged for flagged, _ in seen), len(seen)) for claim in CLAIMS},
        {name: Tally(sum(bool(flagged) for flagged, _ in told), len(told)) for name, told in own.items()},
        {name: sum(agreement for _, agreement in told) / len(told) for name, told in own.items()},
        fdr,
    )
