"""A flip rate with a control is high only where it exceeds the control's, paired by item."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from audit.core.contrast import AgainstCondition, FlipRate, OwnTest
from audit.core.finding import Finding
from audit.core.measure import Measure, share
from audit.core.observation import ModelRole, Observation
from audit.policy.beyond import Exceeding
from audit.policy.conclude import conclude
from audit.policy.decide import decide
from audit.policy.policy import Endpoint, Policy, load_policy

POLICY = replace(load_policy(), resamples=1000, primary=())
END = Endpoint(metric="toy.flips", scoring="strict", comparison="absolute", direction="at_most", threshold=0.1)


def right(seen: Observation) -> tuple[float, float] | None:
    return None if seen.value is None else (seen.value, 1.0)


RATE = FlipRate(
    "toy.flips", "Flips", "{value} flipped.", right, share, condition="own", direction="lower", control="other"
)
CONTRAST = AgainstCondition(
    "toy.flips", "Flips beyond", "", right, share, condition="own", direction="lower", null=0.0,
    reference="other", comparison="vs_control", than="the control of it",
)  # fmt: skip


def rows(own: list[float], other: list[float], role: ModelRole = "model") -> list[Observation]:
    return [
        Observation("toy", f"q{i}", f"c{i}", role, "strict", "wrong", value, condition=condition)
        for condition, values in (("own", own), ("other", other))
        for i, value in enumerate(values)
    ]


def concluded(measures: list[Measure], seen: list[Observation], policy: Policy = POLICY) -> dict[str, Finding]:
    findings = decide(conclude("toy", measures, seen, policy, 0), policy, probes=("toy",))
    return {f"{f.comparison}:{f.role}": f for f in findings if f.model == "model"}


MANY, NONE = [1.0] * 30 + [0.0] * 30, [0.0] * 60


def endpoint(own: list[float], other: list[float]) -> Finding:
    return concluded([RATE], rows(own, other), replace(POLICY, primary=(END,)))["absolute:primary"]


def test_more_than_the_control_fails() -> None:
    found = endpoint(MANY, NONE)
    assert found.verdict == "fail"
    assert "more than that is shown" in found.plain_words
    low = binomtest(30, 60).proportion_ci(0.95, "exact").low
    assert found.ci_low == pytest.approx(low, abs=2e-3)  # the interval is that of the rate itself


def test_as_much_as_the_control_fails_nobody() -> None:
    found = endpoint(MANY, MANY[::-1])
    assert found.verdict == "inconclusive"
    assert "more than that is not shown" in found.plain_words
    assert "about 50 of 100" in found.plain_words


def test_few_flips_pass_whatever_the_control() -> None:
    assert endpoint(NONE, MANY).verdict == "pass"
    assert endpoint(NONE, NONE).verdict == "pass"


@pytest.mark.parametrize(("more", "less"), [(9, 2), (5, 5), (2, 9), (0, 0)])
def test_the_p_is_the_exact_sign_test(more: int, less: int) -> None:
    """Items alone in their clusters: exchanging both arms is the sign test on those that differ, two-sided halved."""
    own = [1.0] * more + [0.0] * less + [1.0] * 3 + [0.0] * 40
    other = [0.0] * more + [1.0] * less + [1.0] * 3 + [0.0] * 40
    (draft,) = conclude("toy", [RATE], rows(own, other), POLICY, 0)
    assert isinstance(draft.evidence, Exceeding)
    half = binomtest(more, more + less, 0.5).pvalue / 2 if more + less else 0.5
    assert draft.evidence.exceeds == pytest.approx(half if more > less else 1 - half)
    assert draft.evidence.floor == pytest.approx((less + 3) / len(own))


def test_without_the_control_nothing_is_held_back() -> None:
    seen = [row for row in rows(MANY, NONE) if row.condition == "own"]
    found = concluded([RATE], seen, replace(POLICY, primary=(END,)))["absolute:primary"]
    assert found.verdict == "fail"
    assert "Under the control" not in found.plain_words


def test_the_contrast_names_its_control() -> None:
    found = concluded([CONTRAST], rows(MANY, NONE))["vs_control:exploratory"]
    assert found.estimate == 0.5
    assert found.tags["flag"] == "worse"
    assert "the control of it" in found.plain_words
    assert concluded([CONTRAST], rows(MANY, MANY[::-1]))["vs_control:exploratory"].tags.get("flag") is None


def test_two_models_are_compared_by_the_rate_itself() -> None:
    found = concluded([RATE], [*rows(MANY, NONE), *rows(NONE, NONE, "base")])
    assert found["vs_base:exploratory"].estimate == 0.5


def own_test(p: float) -> OwnTest:
    return OwnTest(
        "toy.gap", "Gap", "{value}.", right, share, condition="own", kind="statistic", direction="lower", null=0.0,
        test=lambda role, rng: p if role == "model" else float("nan"), tested="By its own test: {p}.",
    )  # fmt: skip


@pytest.mark.parametrize(("p", "flag"), [(0.001, "worse"), (0.4, None)])
def test_a_measure_may_bring_its_own_test(p: float, flag: str | None) -> None:
    found = concluded([own_test(p)], rows(MANY, NONE))["absolute:exploratory"]
    assert found.p == p
    assert found.tags.get("flag") == flag
    assert f"By its own test: {p}." in found.plain_words
    assert found.ci_low is not None  # whatever the test says, the interval is that of the figure
    assert found.ci_low > 0


def test_models_are_not_compared_by_a_measure_with_its_own_test() -> None:
    found = concluded([own_test(0.01)], [*rows(MANY, NONE), *rows(NONE, NONE, "base")])
    assert "vs_base:exploratory" not in found


def test_a_test_that_is_not_defined_flags_nothing() -> None:
    found = concluded([own_test(float("nan"))], rows(MANY, NONE))["absolute:exploratory"]
    assert found.p is None
    assert "not defined here" in found.plain_words
    assert "flag" not in found.tags


def test_an_own_test_guards_an_endpoint_too() -> None:
    end = Endpoint(metric="toy.gap", scoring="strict", comparison="absolute", direction="at_most", threshold=0.1)
    for p, verdict in ((0.0001, "fail"), (0.6, "inconclusive")):
        found = concluded([own_test(p)], rows(MANY, NONE), replace(POLICY, primary=(end,)))
        assert found["absolute:primary"].verdict == verdict


def test_every_draw_is_named() -> None:
    """The own test is given the finding's generator: the same run, the same p."""
    seen: list[float] = []

    def test(_: ModelRole, rng: np.random.Generator) -> float:
        seen.append(float(rng.random()))
        return 0.5

    measure = replace(own_test(0.5), test=test)
    for _ in range(2):
        concluded([measure], rows(MANY, NONE))
    assert seen[0] == seen[1]
