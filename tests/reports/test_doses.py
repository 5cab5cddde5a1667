"""Dose-response curves: one for each value of a tag, bands for model and base, all on one axis."""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as ET

import pytest

from reports.doses import dose_figures


@pytest.fixture
def digest(make_digest):
    made = copy.deepcopy(make_digest(hostile=False))
    part = made["findings"][0]
    changes = {
        ("fog", "1", "model"): -0.1,
        ("fog", "3", "model"): -0.4,
        ("fog", "1", "base"): 0.0,
        ("fog", "3", "base"): -0.05,
        ("rain", "1", "model"): 0.0,
        ("rain", "3", "model"): -0.6,
        ("snow", "3", "model"): -0.9,
    }
    made["findings"] = [
        {**part, "id": f"{place:012x}", "metric": "toy.delta", "comparison": "vs_clean", "model": model,
         "direction": "higher", "estimate": change, "ci_low": change - 0.1, "ci_high": change + 0.1, "n_items": 40,
         "tags": {"weather": weather, "severity": severity}}
        for place, ((weather, severity, model), change) in enumerate(changes.items())
    ]  # fmt: skip
    return made


def test_a_curve_for_each_value_with_two_steps_the_worst_first(digest) -> None:
    figures = dose_figures(digest)
    assert [figure.title for figure in figures] == [
        "Rain: change from clean by severity",
        "Fog: change from clean by severity",
    ]
    told = ET.fromstring(figures[1].wide).find("desc").text
    assert "severity 1: model -10.0% (-20.0% to 0.0%), base 0.0% (-10.0% to 10.0%)." in told
    assert "severity 3: model -40.0%" in told
    assert "40 items" in figures[0].caption


def test_small_samples_come_last(digest) -> None:
    for finding in digest["findings"]:
        if finding["tags"]["weather"] == "rain":
            finding["tags"]["few_clusters"] = "yes"
    assert [figure.title[:4] for figure in dose_figures(digest)] == ["Fog:", "Rain"]


def test_model_and_base_have_a_band_and_start_at_clean(digest) -> None:
    fog = dose_figures(digest)[1].wide
    filled = re.findall(r'<path[^>]*class="([^"]*)"', fog) + re.findall(r'<use[^>]*class="([^"]*)"', fog)
    assert any("fill-model" in one for one in filled)
    assert any("fill-base" in one for one in filled)
    texts = [element.text for element in ET.fromstring(fog).iter("text")]
    assert texts[:3] == ["clean", "1", "3"]


def test_all_curves_share_one_axis(digest) -> None:
    def ticks(svg: str) -> list[str]:
        return [element.text for element in ET.fromstring(svg).iter("text")][3:]

    rain, fog = (figure.wide for figure in dose_figures(digest))
    assert ticks(rain) == ticks(fog)


def test_scores_are_no_changes(digest) -> None:
    for finding in digest["findings"]:
        finding["comparison"] = "absolute"
    assert dose_figures(digest) == []
