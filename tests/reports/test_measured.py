"""Units and words of findings."""

from __future__ import annotations

from typing import Any, cast

import pytest

from audit.core.finding import Finding
from reports import measured
from reports.schema import FindingPart


def part(**how: Any) -> FindingPart:
    settings: dict[str, Any] = {
        "title": "Leaks",
        "plain_words": "Of these, {value} leak.",
        "scoring": "strict",
        "model": "model",
    }
    return cast(FindingPart, Finding(**{"probe": "p", "metric": "p.m", **settings, **how}).plain())


def test_shares_of_items_are_told_as_frequencies() -> None:
    finding = part(estimate=0.12, ci_low=0.08, ci_high=0.17, ci_method="Korn-Graubard", n_items=200)
    assert measured.plain_words(finding) == "Of these, about 12 of 100 (8 to 17) leak."


def test_nothing_seen_is_told_with_its_upper_bound() -> None:
    finding = part(estimate=0.0, ci_low=0.0, ci_high=0.018, ci_method="Clopper-Pearson over Kish clusters", n_items=208)
    assert measured.in_words(finding) == "0 of 208 (upper bound 1.8%)"


def test_other_figures_are_not_told_as_frequencies() -> None:
    assert measured.in_words(part(estimate=0.5, ci_low=0.4, ci_high=0.6, ci_method="BCa")) == "0.50 (0.40 to 0.60)"


@pytest.mark.parametrize(
    ("how", "unit"),
    [
        ({"estimate": 0.4}, "share"),
        ({"estimate": -0.4, "comparison": "vs_base", "ci_method": "BCa"}, "share"),
        ({"estimate": 0.4, "ci_method": "Korn-Graubard"}, "share"),
        ({"estimate": 0.4, "ci_method": "BCa"}, "number"),
        ({"estimate": 0.9, "title": "Relative robustness (ratio)"}, "number"),
        ({"estimate": 0.9, "ci_method": "BCa of the log ratio"}, "number"),
        ({"estimate": 3.0}, "number"),
        ({"estimate": 0.9, "ci_high": 1.3}, "number"),
    ],
)
def test_units(how: dict[str, Any], unit: str) -> None:
    assert measured.unit(part(**how)) == unit


def test_differences_are_points_and_plain_numbers_are_signed() -> None:
    assert measured.value(part(comparison="vs_base"), -0.031) == "−3.1 points"
    assert measured.value(part(comparison="vs_base", title="Ratio (ratio)"), 0.25) == "+0.25"
    assert measured.interval(part(comparison="did"), -0.02, 0.05) == "−2.0 to +5.0 points"
    assert measured.interval(part(), 0.1, None) is None


def test_words_without_a_value_say_so() -> None:
    assert measured.plain_words(part()) == "Of these, no value leak."


def test_findings_of_a_metric_share_a_unit() -> None:
    listed = [
        part(metric="p.j", ci_method="BCa", estimate=0.5),
        part(metric="p.j", comparison="vs_base", estimate=-0.3, ci_method="BCa"),
        part(metric="p.s", comparison="vs_base", estimate=-0.3, ci_method="BCa"),
        part(metric="p.s", ci_method="Korn-Graubard", estimate=0.5),
    ]
    assert [measured.unit(one) for one in measured.with_units(listed)] == ["number", "number", "share", "share"]
    listed[1]["estimate"] = -1.4
    listed[2]["estimate"] = -1.4
    assert [measured.unit(one) for one in measured.with_units(listed)] == ["number", "number", "share", "share"]


def test_what_may_be_drawn_beside_shares() -> None:
    assert measured.fits_a_percent_axis(part(estimate=0.4, ci_method="BCa"))
    assert measured.fits_a_percent_axis(part(estimate=-1.5, comparison="vs_base"))
    assert not measured.fits_a_percent_axis(part(estimate=1.5))
    assert not measured.fits_a_percent_axis(part(estimate=0.9, title="Relative robustness (ratio)"))
