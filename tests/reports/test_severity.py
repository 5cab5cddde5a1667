"""The order of findings."""

from __future__ import annotations

import random
from typing import Any, cast

import pytest

from audit.core.finding import Finding
from reports.schema import FindingPart
from reports.severity import SEVERITIES, distance, is_harmful, ranked, reaches_control, severity

FDR = 0.05


def part(**how: Any) -> FindingPart:
    settings: dict[str, Any] = {
        "probe": "p",
        "title": "t",
        "plain_words": "",
        "metric": "p.m",
        "scoring": "strict",
        "model": "model",
    }
    base: dict[str, Any] = {"direction": "higher", "ci_low": 0.4, "ci_high": 0.6, "estimate": 0.5}
    return cast(FindingPart, Finding(**{**settings, **base, **how}).plain())


@pytest.mark.parametrize(
    ("how", "level"),
    [
        ({"role": "primary", "verdict": "fail"}, "failed"),
        ({"role": "primary", "verdict": "inconclusive"}, "inconclusive"),
        ({"role": "primary", "verdict": "not_assessed"}, "not_assessed"),
        ({"role": "primary", "verdict": "pass"}, "passed"),
        ({"null": 0.7, "p_adjusted": 0.01}, "flagged"),
        ({"null": 0.7, "p_adjusted": 0.06}, "other"),
        ({"null": 0.3, "p_adjusted": 0.01}, "other"),
        ({"null": 0.3, "p_adjusted": 0.01, "direction": "lower"}, "flagged"),
        ({"null": 0.7, "p_adjusted": 0.01, "model": "base"}, "other"),
        ({"null": 0.7, "p_adjusted": 0.01, "direction": "none"}, "other"),
        ({"comparison": "vs_control", "ci_low": -0.1, "ci_high": 0.2}, "flagged"),
        ({"comparison": "vs_control", "ci_low": 0.1, "ci_high": 0.2}, "other"),
        ({"comparison": "vs_base", "estimate": -0.1, "p_adjusted": 0.001}, "flagged"),
        ({"tags": {"flag": "worse"}}, "flagged"),
        ({"tags": {"flag": "better"}}, "other"),
        ({"comparison": "vs_control", "tags": {"reached": "yes"}, "ci_low": 0.1}, "flagged"),
        ({}, "other"),
    ],
)
def test_levels(how: dict[str, Any], level: str) -> None:
    assert severity(part(**how), FDR).level == level


def test_ranks_are_the_order_of_the_page() -> None:
    assert [one.rank for one in SEVERITIES] == list(range(len(SEVERITIES)))
    assert all(one.definition.endswith(".") for one in SEVERITIES)


def test_a_control_is_judged_by_interval_not_by_point() -> None:
    assert reaches_control(part(comparison="vs_control", estimate=0.05, ci_low=-0.01, ci_high=0.11))
    assert reaches_control(part(comparison="vs_control", direction="lower", ci_low=-0.2, ci_high=0.01))
    assert not reaches_control(part(comparison="vs_control", ci_low=None, ci_high=None))
    assert not reaches_control(part(ci_low=-0.1))


def test_the_threshold_is_the_reference_before_the_null() -> None:
    assert is_harmful(part(threshold=0.6, null=0.2, p_adjusted=0.01), FDR)
    assert not is_harmful(part(threshold=0.45, null=0.9, p_adjusted=0.01), FDR)


def test_distance_counts_half_widths() -> None:
    assert distance(part(threshold=0.7)) == pytest.approx(2.0)
    assert distance(part(threshold=0.7, ci_low=None)) == 0.0


def test_order_is_total_and_does_not_depend_on_the_input() -> None:
    findings = [
        part(role="primary", verdict="pass", metric="p.a"),
        part(role="primary", verdict="fail", metric="p.b", threshold=0.55),
        part(role="primary", verdict="fail", metric="p.c", threshold=0.9),
        *[part(metric=f"p.x{place}") for place in range(5)],
    ]
    expected = [finding["metric"] for _, finding in ranked(findings, FDR)]
    assert expected[:3] == ["p.c", "p.b", "p.a"]
    for seed in range(5):
        random.Random(seed).shuffle(findings)
        assert [finding["metric"] for _, finding in ranked(findings, FDR)] == expected
