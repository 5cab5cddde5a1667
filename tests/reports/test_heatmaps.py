"""Heat maps: drawn where two tags, one of them a scale, tell differences from clean apart; by no probe's name."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET

import pytest

from reports.heatmaps import heat_figures


@pytest.fixture
def digest(make_digest):
    made = copy.deepcopy(make_digest(hostile=False))
    part = made["findings"][0]
    changes = {("fog", "1"): -0.1, ("fog", "3"): -0.4, ("rain_drops", "1"): 0.0, ("rain_drops", "3"): -0.05}
    made["findings"] = [
        {**part, "id": f"{place:012x}", "metric": "toy.delta", "comparison": "vs_clean", "model": "model",
         "direction": "higher", "estimate": change, "ci_low": change - 0.1, "ci_high": change + 0.1,
         "tags": {"weather": weather, "severity": severity}}
        for place, ((weather, severity), change) in enumerate(changes.items())
    ]  # fmt: skip
    return made


def test_a_heat_map_holds_every_number_in_words(digest) -> None:
    (figure,) = heat_figures(digest)
    root = ET.fromstring(figure.wide)
    assert "fog: 1: -10.0%, 3: -40.0%. rain drops: 1: +0.0%, 3: -5.0%." in root.find("desc").text
    assert figure.title == "Difference from clean by weather and severity"
    texts = [element.text for element in root.iter("text")]
    assert texts.index("fog") < texts.index("rain drops"), "the worst row comes first"
    assert {"-10", "-40", "+0", "-5"} <= set(texts)
    assert f"rests on {digest['findings'][0]['n_items']} items" in figure.caption
    assert "#0000" not in figure.wide


def test_one_step_or_one_row_makes_none(digest) -> None:
    digest["findings"] = [finding for finding in digest["findings"] if finding["tags"]["severity"] == "1"]
    assert heat_figures(digest) == []


def test_scores_are_no_differences(digest) -> None:
    for finding in digest["findings"]:
        finding["comparison"] = "absolute"
    assert heat_figures(digest) == []
