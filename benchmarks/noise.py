"""How often pure noise is called a finding, and how often an effect beside it, by seeded Monte Carlo.

`python benchmarks/noise.py [runs]` prints the tables of docs/noise.md. Questions of single clusters; a share of them is
unsure: asked again, or under a corruption that does nothing, they are answered by a coin, the rest always alike. All
goes through `conclude` as in an audit: flips of K corruptions, the change of the score, and the difference from a base
that is the same model. An effect is a corruption that turns a share of right answers wrong.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from audit.core.contrast import AgainstCondition, FlipRate
from audit.core.item import CLEAN, REPEAT
from audit.core.measure import Measure, share
from audit.core.observation import ModelRole, Observation
from audit.policy.conclude import conclude
from audit.policy.draft import Draft
from audit.policy.load import read_policy

Array = NDArray[np.float64]
ALPHA = 0.05  # two-sided, before adjustment over findings
RIGHT = 0.8


@dataclass(frozen=True)
class Setting:
    """`asked` clean questions, `compared` of them under each of `kinds` corruptions, `again` asked twice; `unsure` is
    the share that is answered by a coin, `lost` the share of right answers that a corruption costs."""

    asked: int
    compared: int
    kinds: int
    again: int
    unsure: float
    lost: float = 0.0


def right(seen: Observation) -> tuple[float, float] | None:
    return None if seen.value is None else (seen.value, 1.0)


def answered(setting: Setting, rng: np.random.Generator) -> Array:
    """Right answers (2 + kinds, asked): the first, the second, and under each corruption."""
    sure, unsure = rng.random(setting.asked) < RIGHT, rng.random(setting.asked) < setting.unsure
    drawn = rng.random((2 + setting.kinds, setting.asked)) < 0.5
    told = np.where(unsure, drawn, sure)
    told[2:] &= rng.random(told[2:].shape) >= setting.lost
    return told.astype(np.float64)


def observed(told: Array, setting: Setting, role: ModelRole) -> tuple[list[Observation], list[Observation]]:
    """The observations of one model, and those of the questions asked again."""

    def rows(condition: str, values: Sequence[float]) -> list[Observation]:
        return [
            Observation("sim", f"q{i}", f"c{i}", role, "strict", "correct" if value else "wrong", float(value),
                        str(value), condition=condition)
            for i, value in enumerate(values)
        ]  # fmt: skip

    first, shifted = told[0], told[2:, : setting.compared]
    flips = np.abs(shifted - first[: setting.compared])
    made = rows(CLEAN, first) + rows("shifted", shifted.mean(axis=0)) + rows("flips", flips.mean(axis=0))
    for kind, own in enumerate(flips):
        made += rows(f"flip:{kind}", own)
    second = told[1, : setting.again]
    made += rows(REPEAT, 1 - np.abs(second - first[: setting.again]))
    return made, rows(CLEAN, second)


def measures(kinds: int) -> tuple[Measure, ...]:
    flips = tuple(f"flip:{kind}" for kind in range(kinds))
    return (
        FlipRate("sim.flips", "", "", right, share, condition="flips", direction="lower", flips=flips),
        AgainstCondition("sim.delta", "", "", right, share, condition="shifted"),
        Measure("sim.accuracy", "", "", right, share),
    )


def called(draft: Draft) -> str:
    """What a draft is called where its unadjusted test is below 5%, "" else; flips that are fewer than by asking again
    and gains are no false alarm of harm but count as one here."""
    finding = draft.finding
    name = f"{finding.metric} {finding.comparison}"
    wanted = ("sim.flips absolute", "sim.delta vs_clean", "sim.accuracy vs_base")
    if name not in wanted or finding.model != "model" or draft.evidence is None or finding.null is None:
        return ""
    return name if draft.evidence.p_two_sided(finding.null) <= ALPHA else ""


def rates(setting: Setting, runs: int, seed: int) -> Counter[str]:
    """How many of the runs call each of the three a finding."""
    rng, hits = np.random.default_rng(seed), Counter[str]()
    policy = replace(read_policy(), resamples=1000)
    for _ in range(runs):
        rows, again = observed(answered(setting, rng), setting, "model")
        base, base_again = observed(answered(replace(setting, lost=0.0), rng), setting, "base")
        null = [replace(row, condition=CLEAN) for row in base if row.condition == CLEAN]
        drafts = conclude("sim", measures(setting.kinds), rows + null, policy, 0, again + base_again)
        hits.update(filter(None, map(called, drafts)))
    return hits


def table(settings: Sequence[Setting], runs: int) -> None:
    print("| asked | corrupted | corruptions | asked twice | unsure | lost | flips | change | against base |")
    print("|---|---|---|---|---|---|---|---|---|")
    for seed, setting in enumerate(settings):
        hits = rates(setting, runs, seed)
        found = [hits[name] / runs for name in ("sim.flips absolute", "sim.delta vs_clean", "sim.accuracy vs_base")]
        told = [setting.asked, setting.compared, setting.kinds, setting.again, setting.unsure, setting.lost]
        print("| " + " | ".join([*(f"{value:g}" for value in told), *(f"{value:.3f}" for value in found)]) + " |")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    sizes = ((120, 24, 9, 24), (120, 120, 9, 24), (400, 100, 3, 100))
    print("Nothing but noise (at 5%)\n")
    table([Setting(*size, unsure=unsure) for size in sizes for unsure in (0.1, 0.3, 0.6)], runs)
    print("\nCorruptions that cost right answers (power; the base is still the same model)\n")
    table(
        [
            Setting(*size, unsure=unsure, lost=lost)
            for size in sizes
            for unsure, lost in ((0.0, 0.1), (0.0, 0.3), (0.1, 0.3), (0.3, 0.3), (0.3, 0.6))
        ],
        runs,
    )


if __name__ == "__main__":
    main()
