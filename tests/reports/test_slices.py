"""The forest plot of slices: two panels, one axis, worst slice first; chosen by tags and comparison."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET

import pytest

from reports.slices import MOST_ROWS, slice_figures


def contrast(part, which, mix, model, estimate, **how):
    return {**part, "id": f"{which}{mix}{model}"[:12], "metric": "toy.delta", "comparison": "between_slices",
            "model": model, "direction": "higher", "null": 0.0, "threshold": None, "estimate": estimate,
            "ci_low": estimate - 0.1, "ci_high": estimate + 0.1, "ci_method": "BCa", "title": "toy",
            "tags": {"slice": which, "mix": mix}, **how}  # fmt: skip


@pytest.fixture
def digest(make_digest):
    made = copy.deepcopy(make_digest(hostile=False))
    part = made["findings"][0]
    made["findings"] = [
        contrast(part, "vendor=Corvid", "raw", "model", -0.25),
        contrast(part, "vendor=Corvid", "raw", "base", 0.02),
        contrast(part, "vendor=Corvid", "standardised", "model", -0.22),
        contrast(part, "vendor=Aurora", "raw", "model", 0.12),
        contrast(part, "site=north_wing", "raw", "model", 0.01),
    ]
    return made


def test_both_panels_hold_their_numbers_in_words(digest) -> None:
    (figure,) = slice_figures(digest)
    told = ET.fromstring(figure.wide).find("desc").text
    raw, standardised = told.split("At equal case mix")
    assert "vendor: Corvid: model -25.0% (-35.0% to -15.0%), base 2.0%" in raw
    assert "vendor: Corvid: model -22.0% (-32.0% to -12.0%)." in standardised
    assert "Aurora" not in standardised
    assert figure.title == "Each slice against the rest: difference"


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_columns_stay_together_and_the_worst_slice_comes_first(digest, width: str) -> None:
    (figure,) = slice_figures(digest)
    texts = [element.text for element in ET.fromstring(getattr(figure, width)).iter("text")]
    named = [text for text in texts if text.startswith(("site", "vendor"))]
    assert named[:3] == ["site: north wing", "vendor: Corvid", "vendor: Aurora"]


def test_small_slices_are_said_to_be_small(digest) -> None:
    digest["findings"][3]["tags"]["few_clusters"] = "yes"
    (figure,) = slice_figures(digest)
    assert "few independent groups" in figure.wide
    assert "vendor: Aurora (few independent groups)" in figure.narrow


def test_ratios_and_points_without_an_interval_are_not_drawn(digest) -> None:
    for finding in digest["findings"]:
        finding.update({"null": 1.0} if finding["model"] == "model" else {"ci_low": None, "ci_high": None})
    assert slice_figures(digest) == []


def test_large_slices_are_kept_where_there_are_too_many(digest) -> None:
    part = digest["findings"][0]
    few = [contrast(part, f"view={i}", "raw", "model", -0.5) for i in range(MOST_ROWS)]
    for finding in few:
        finding["tags"]["few_clusters"] = "yes"
    digest["findings"] += few
    (figure,) = slice_figures(digest)
    assert "Corvid" in figure.wide
    assert "3 more are in the table" in figure.caption
