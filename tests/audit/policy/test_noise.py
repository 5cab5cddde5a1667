"""The noise floor: what a model does when it is asked the same again is never called a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from audit.core.contrast import AgainstCondition, FlipRate
from audit.core.finding import Finding
from audit.core.item import CLEAN, REPEAT
from audit.core.measure import Measure, share
from audit.core.observation import ModelRole, Observation
from audit.policy.beyond import Beyond
from audit.policy.conclude import conclude
from audit.policy.decide import decide
from audit.policy.policy import load_policy
from audit.stats.proportion import korn_graubard

POLICY = replace(load_policy(), resamples=1000, primary=())
KINDS = ("noisy:1", "noisy:2", "noisy:3")


def right(seen: Observation) -> tuple[float, float] | None:
    return None if seen.value is None else (seen.value, 1.0)


ACCURACY = Measure("toy.accuracy", "Right", "{value} right.", right, share)
DELTA = AgainstCondition("toy.delta", "Change", "", right, share, condition=KINDS[0])
FLIPS = FlipRate(
    "toy.flip_rate", "Flips", "{value} flipped.", right, share, condition="flips", direction="lower",
    flips=tuple(f"flip:{kind}" for kind in KINDS),
)  # fmt: skip


def row(item: int, role: ModelRole, condition: str, value: float) -> Observation:
    outcome = "correct" if value else "wrong"
    return Observation("toy", f"q{item}", f"c{item}", role, "strict", outcome, value, str(value), condition=condition)


def asked(
    first: Sequence[float], again: Sequence[float], shifted: Sequence[Sequence[float]], role: ModelRole = "model"
) -> tuple[list[Observation], list[Observation]]:
    """Observations of right (1) and wrong (0) answers of one model, and those to the questions asked again."""
    rows = [row(i, role, CLEAN, value) for i, value in enumerate(first)]
    for kind, values in zip(KINDS, shifted, strict=False):
        rows += [row(i, role, kind, value) for i, value in enumerate(values)]
        rows += [row(i, role, f"flip:{kind}", abs(value - first[i])) for i, value in enumerate(values)]
    if shifted:
        flips = np.abs(np.array(shifted) - np.array(first)[: len(shifted[0])]).mean(axis=0)
        rows += [replace(row(i, role, "flips", 0.0), value=float(flip)) for i, flip in enumerate(flips)]
    rows += [row(i, role, REPEAT, 1 - abs(value - first[i])) for i, value in enumerate(again)]
    return rows, [row(i, role, CLEAN, value) for i, value in enumerate(again)]


def found(
    measures: Sequence[Measure], rows: Sequence[Observation], again: Sequence[Observation] = ()
) -> dict[tuple[str, str, str | None], Finding]:
    findings = decide(conclude("toy", measures, rows, POLICY, 0, again), POLICY, probes=("toy",))
    return {(f.metric, f.comparison, f.model): f for f in findings}


def test_a_flip_rate_is_tested_against_the_model_itself() -> None:
    """No repeat changed: p = the chance to draw none of the changed answers, twice; no interval of the noise enters."""
    first = [1.0] * 24
    shifted = [[0.0] * 6 + [1.0] * 18, [0.0] * 12 + [1.0] * 12, [0.0] * 12 + [1.0] * 12]
    rows, again = asked(first, first, shifted)
    flips = found([FLIPS], rows, again)["toy.flip_rate", "absolute", "model"]
    assert flips.estimate == pytest.approx(30 / 72)
    assert flips.null == 0
    assert flips.p == pytest.approx(2 * (1 / 4) ** 6 * (2 / 4) ** 6)
    assert flips.tags["flag"] == "worse"
    assert "within_noise" not in flips.tags
    upper = korn_graubard(np.tile([0.0, 1.0], (24, 1))).interval
    assert upper is not None
    assert float(flips.tags["noise_high"]) == pytest.approx(upper.high, abs=1e-6)
    assert "0 of 24 (upper bound 14 of 100" in flips.plain_words


def test_flips_as_frequent_as_repeats_are_no_finding() -> None:
    first = [1.0] * 24
    rows, again = asked(first, [0.0] * 12 + [1.0] * 12, [[1.0] * 6 + [0.0] * 12 + [1.0] * 6] * 3)
    flips = found([FLIPS], rows, again)["toy.flip_rate", "absolute", "model"]
    assert flips.estimate == 0.5
    assert flips.null == 0.5
    assert flips.tags["within_noise"] == "yes"
    assert "flag" not in flips.tags
    assert "not shown" in flips.plain_words


def test_without_repeats_a_flip_rate_is_not_tested_and_says_so() -> None:
    rows, _ = asked([1.0] * 24, [], [[0.0] * 24] * 3)
    flips = found([FLIPS], rows)["toy.flip_rate", "absolute", "model"]
    assert flips.p is None
    assert flips.null is None
    assert flips.plain_words.endswith("disagreement with itself is not assessed.")


def test_a_deterministic_model_loses_nothing() -> None:
    """The tests of its differences are those without any repeats, however few there were."""
    first, worse = [1.0] * 60, [0.0] * 20 + [1.0] * 40
    rows, again = asked(first, first[:5], [worse])
    other, _ = asked(worse, [], [worse], "base")
    with_noise, without = found([ACCURACY, DELTA], rows + other, again), found([ACCURACY, DELTA], rows + other)
    for key in (("toy.delta", "vs_clean", "model"), ("toy.accuracy", "vs_base", "model")):
        assert with_noise[key].p == without[key].p
        assert with_noise[key].equivalence == without[key].equivalence
        assert float(with_noise[key].tags["noise"]) == 0
    assert with_noise["toy.accuracy", "vs_base", "model"].tags["outcome"] == "win"


def test_a_difference_has_to_exceed_how_far_the_figure_moves_by_itself() -> None:
    """Every answer right at first, 15 of 60 wrong when asked again: a drop of 15 under noise shows nothing."""
    first, worse = [1.0] * 60, [0.0] * 15 + [1.0] * 45
    rows, again = asked(first, worse, [worse])
    delta = found([DELTA], rows, again)["toy.delta", "vs_clean", "model"]
    assert delta.estimate == -0.25
    assert delta.ci_high is not None
    assert delta.ci_high < 0
    assert delta.tags["within_noise"] == "yes"
    assert "flag" not in delta.tags
    assert "more than that is not shown" in delta.plain_words
    rows, again = asked(first, worse, [[0.0] * 50 + [1.0] * 10])
    assert found([DELTA], rows, again)["toy.delta", "vs_clean", "model"].tags["flag"] == "worse"


def test_a_win_has_to_exceed_the_movements_of_both_models() -> None:
    first = [1.0] * 60
    rows, again = asked(first, [0.0] * 6 + [1.0] * 54, [])
    base, base_again = asked([0.0] * 9 + [1.0] * 51, [0.0] * 15 + [1.0] * 45, [], "base")
    lead = found([ACCURACY], rows + base, again + base_again)["toy.accuracy", "vs_base", "model"]
    assert float(lead.tags["noise"]) == pytest.approx(6 / 60 + 6 / 60)
    assert lead.ci_low is not None
    assert lead.ci_low > 0
    assert lead.tags["outcome"] == "tie"
    assert lead.equivalence != "superior"


def test_what_noise_cannot_feign_is_tested_as_before(toy: type) -> None:
    """Non-inferiority and equivalence: claims that a difference is small, not that it is there."""
    inner = toy.Normal(0.01, 0.01)  # type: ignore[attr-defined]
    beyond = Beyond(inner, 0.02)
    assert beyond.p(-0.05)[0] == inner.p(-0.05)[0]
    assert beyond.p(0.05)[1] == inner.p(0.05)[1]
    assert beyond.p(0.0) == (inner.p(0.02)[0], inner.p(-0.02)[1])
    assert beyond.p(-0.05)[1] == inner.p(-0.05)[1]
    assert beyond.p(-0.01)[1] == inner.p(-0.02)[1]
    assert beyond.interval(0.95) == inner.interval(0.95)


def noisy(rng: np.random.Generator, n: int, unsure: float) -> np.ndarray:
    """Four answers to each of n questions (1 right): all drawn alike, of which a share is drawn by chance each time."""
    base, unstable = rng.random(n) < 0.8, rng.random(n) < unsure
    return np.where(unstable, rng.random((5, n)) < 0.5, base).astype(float)


def test_a_model_of_pure_noise_is_seldom_flagged() -> None:
    """Corruptions that do nothing, beside a base that is the same model: what is flagged, of 200 audits."""
    rng, runs, flags = np.random.default_rng(5), 200, {"toy.flip_rate": 0, "toy.delta": 0, "toy.accuracy": 0}
    for _ in range(runs):
        draws = noisy(rng, 48, 0.4)
        rows, again = asked(list(draws[0]), list(draws[1][:24]), [list(some[:24]) for some in draws[2:5]])
        base, base_again = asked(list(noisy(rng, 48, 0.4)[0]), [], [], "base")
        for (metric, comparison, _), finding in found(
            [ACCURACY, DELTA, FLIPS], rows + base, again + base_again
        ).items():
            if comparison in ("vs_clean", "vs_base") or metric == "toy.flip_rate":
                flags[metric] += "flag" in finding.tags
    assert max(flags.values()) <= binom.ppf(0.999, runs, 0.05), flags


def test_a_noisier_model_does_not_flip_more_than_its_base() -> None:
    """Flips of a noisy model beside a deterministic base: its own changes are taken off."""
    rng, hits, plain = np.random.default_rng(6), 0, 0
    for _ in range(100):
        draws = noisy(rng, 40, 0.6)
        rows, again = asked(list(draws[0]), list(draws[1]), [list(some) for some in draws[2:5]])
        base, base_again = asked([1.0] * 40, [1.0] * 40, [[1.0] * 40] * 3, "base")
        key = ("toy.flip_rate", "vs_base", "model")
        hits += "flag" in found([FLIPS], rows + base, again + base_again)[key].tags
        plain += "flag" in found([FLIPS], rows + base)[key].tags
    assert plain > 90
    assert hits <= binom.ppf(0.999, 100, 0.05)
