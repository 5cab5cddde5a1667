"""How often a run passes or fails a model that stands exactly at its thresholds, by seeded Monte Carlo.

`python benchmarks/verdicts.py [runs]` prints the table of docs/statistics.md. Three primary endpoints as in the default
policy: sensitivity (5 items a cluster, at least 0.8), false alarms (3 items a cluster, at most 0.1), and Youden's J
against a base model that is better by exactly the margin of 0.1. Answers of one cluster share a beta-distributed
difficulty per endpoint; base and model answer independently given it. A pass of any endpoint is false, and so is a
fail; Holm promises at most 0.025 for each.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from audit.core.finding import Finding
from audit.policy.draft import Draft
from audit.policy.evidence import Difference, Evidence, Share
from audit.policy.policy import Endpoint, Policy, load_policy
from audit.policy.primary import tested_endpoints
from audit.stats.paired import paired
from probes.medobvious.rates import youden

Array = NDArray[np.float64]
POSITIVE, NEGATIVE, SENSITIVITY, ALARMS, MARGIN = 5, 3, 0.8, 0.1, 0.1


def counts(clusters: int, size: int, share: float, icc: float, rng: np.random.Generator) -> Array:
    """Successes per cluster: beta-binomial of mean `share` and intra-cluster correlation `icc`."""
    if icc <= 0:
        return rng.binomial(size, share, clusters).astype(np.float64)
    spread = (1 - icc) / icc
    return rng.binomial(size, rng.beta(share * spread, (1 - share) * spread, clusters)).astype(np.float64)


def answers(clusters: int, sensitivity: float, icc: float, rng: np.random.Generator) -> Array:
    """Totals (C, 4) of one model: found, pictures with an outlier, alarms, pictures without."""
    found = counts(clusters, POSITIVE, sensitivity, icc, rng)
    alarms = counts(clusters, NEGATIVE, ALARMS, icc, rng)
    return np.column_stack([found, np.full(clusters, POSITIVE), alarms, np.full(clusters, NEGATIVE)])


def run(clusters: int, icc: float, policy: Policy, rng: np.random.Generator) -> list[str]:
    """The verdicts on the three endpoints of one run."""
    model = answers(clusters, SENSITIVITY, icc, rng)
    base = answers(clusters, SENSITIVITY + MARGIN, icc, rng)
    versus = paired(model, base, youden, rng, policy.resamples)
    drafts = [
        draft("sensitivity", "higher", Share(model[:, :2])),
        draft("false_alarm_rate", "lower", Share(model[:, 2:])),
        draft("youden_j", "higher", Difference(versus)),
    ]
    return [tested.verdict(policy.alpha) for tested in tested_endpoints(policy.primary, drafts, policy)]


def draft(name: str, direction: str, evidence: Evidence) -> Draft:
    """A draft as `conclude` makes it, of the fields that a verdict rests on."""
    claim = Finding("sim", name, "", f"sim.{name}", "strict", "model")
    versus = name == "youden_j"
    return Draft(
        replace(
            claim,
            direction="higher" if direction == "higher" else "lower",
            comparison="vs_base" if versus else "absolute",
            base="base" if versus else None,
        ),
        evidence,
        not versus,
    )


def the_policy(resamples: int = 1000) -> Policy:
    """The default policy's alpha with the three endpoints of this simulation."""
    endpoints = (
        Endpoint("sim.sensitivity", "strict", "absolute", "at_least", SENSITIVITY),
        Endpoint("sim.false_alarm_rate", "strict", "absolute", "at_most", ALARMS),
        Endpoint("sim.youden_j", "strict", "vs_base", "at_least", None),
    )
    policy = load_policy()
    return replace(policy, primary=endpoints, resamples=resamples, margins={**policy.margins, "sim.youden_j": MARGIN})


def measured(clusters: int, icc: float, runs: int, seed: int = 0) -> dict[str, float]:
    """Shares of runs with any false pass and any false fail, and of false verdicts by endpoint."""
    rng, policy = np.random.default_rng([seed, clusters, round(1000 * icc)]), the_policy()
    verdicts = np.array([run(clusters, icc, policy, rng) for _ in range(runs)])
    found = {
        "pass": float((verdicts == "pass").any(axis=1).mean()),
        "fail": float((verdicts == "fail").any(axis=1).mean()),
    }
    for k, name in enumerate(("sensitivity", "alarms", "vs_base")):
        found |= {f"{what} {name}": float((verdicts[:, k] == what).mean()) for what in ("pass", "fail")}
    return found


if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    print(f"{runs} runs each; standard error of a figure near 0.025: {np.sqrt(0.025 * 0.975 / runs):.4f}")
    for clusters in (24, 48, 100):
        for icc in (0.0, 0.1, 0.2):
            figures = measured(clusters, icc, runs)
            print(
                f"{clusters:4d} clusters, ICC {icc:.1f}: ",
                ", ".join(f"{k} {v:.4f}" for k, v in figures.items()),
                flush=True,
            )
