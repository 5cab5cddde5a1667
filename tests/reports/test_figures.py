"""Figures: chosen by what exists, with text alternatives, without anything from elsewhere."""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from reports.figures import headline_figure, outcome_figure, split_figures, splits
from reports.plots.row import Mark, Row, spoken

STYLE = (Path(__file__).parents[2] / "reports/templates/style.css").read_text("utf-8")


@pytest.fixture(scope="module")
def drawn(make_digest):
    digest = make_digest(hostile=True)
    return [headline_figure(digest), outcome_figure(digest), *split_figures(digest)]


def test_every_figure_has_a_text_alternative(drawn) -> None:
    for figure in drawn:
        for svg in filter(None, (figure.wide, figure.narrow)):
            root = ET.fromstring(svg)
            assert root.attrib["role"] == "img"
            named = {root.find("title").attrib["id"], root.find("desc").attrib["id"]}
            assert set(root.attrib["aria-labelledby"].split()) == named
            assert len(root.find("desc").text) > 40


def test_the_text_alternative_holds_the_numbers(drawn) -> None:
    desc = ET.fromstring(drawn[0].wide).find("desc").text
    assert "model 22.3% (17.1% to 27.5%), base 14.1%" in desc
    assert "threshold 10.0%" in desc
    assert (
        "588 correct, 271 wrong, 14 refused, 9 truncated, 37 unparsed, 0 missing"
        in ET.fromstring(drawn[1].wide).find("desc").text
    )


def test_svg_needs_no_styles_no_fonts_and_nothing_from_elsewhere(drawn) -> None:
    for figure in drawn:
        text = figure.wide + figure.narrow
        assert "style" not in re.sub(r"<(desc|title|text)[^>]*>[^<]*", "", text)
        assert "http" not in text
        assert "font-family" not in text
        assert "#0000" not in text


def test_ids_are_unique_and_references_resolve(drawn) -> None:
    page = "".join(figure.wide + figure.narrow for figure in drawn)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) | set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_every_colour_is_one_of_the_style_sheet(drawn) -> None:
    page = "".join(figure.wide + figure.narrow for figure in drawn)
    used = {name for classes in re.findall(r'class="([^"]+)"', page) for name in classes.split()}
    assert {"fill-model", "stroke-base", "fill-correct", "fill-wrong"} <= used
    assert all(f".{name} " in STYLE for name in used)


def test_text_stays_text(drawn) -> None:
    assert any("Outliers found" in (element.text or "") for element in ET.fromstring(drawn[0].wide).iter("text"))


def test_formulas_are_not_read(make_digest) -> None:
    digest = copy.deepcopy(make_digest())
    digest["findings"][0]["title"] = r"$\frac{1}{$ _^ %"
    assert r"$\frac{1}{$ _^ %" in headline_figure(digest).wide


def test_splits_follow_the_tags(make_digest) -> None:
    found = {split.title: split for split in splits(make_digest()["findings"])}
    assert set(found) == {"Accuracy by format", "Accuracy by tier", "Accuracy by grid"}
    assert found["Accuracy by grid"].positions == (2.0, 3.0, 4.0, 5.0)
    assert found["Accuracy by tier"].positions is None
    assert [row.label for row in found["Accuracy by tier"].rows] == ["v1", "v2", "v3", "v4", "v5"]
    assert all({mark.role for mark in row.marks} == {"model", "base"} for split in found.values() for row in split.rows)


def test_notes_about_results_do_not_split(make_digest) -> None:
    findings = copy.deepcopy(make_digest()["findings"])
    for place, finding in enumerate(findings):
        finding["tags"] = {**finding["tags"], "bound_worst": f"0.{place}", "few_clusters": "yes"}
    assert {split.title for split in splits(findings)} == {"Accuracy by format", "Accuracy by tier", "Accuracy by grid"}


def test_one_value_is_no_split(make_digest) -> None:
    findings = [one for one in make_digest()["findings"] if one["tags"] in ({}, {"tier": "v1"})]
    assert splits(findings) == []


def test_margins_lie_on_the_side_of_harm(make_digest) -> None:
    desc = ET.fromstring(headline_figure(make_digest()).wide).find("desc").text
    assert "difference from base 8.2%" in desc
    digest = make_digest()
    from reports.figures import _harm

    worse = {one["metric"]: _harm(one) for one in digest["findings"] if one["comparison"] == "vs_base"}
    assert worse == {
        "medobvious.youden_j": -0.1,
        "medobvious.sensitivity": -0.05,
        "medobvious.false_alarm_rate": 0.05,
    }


def test_nothing_to_plot_is_no_figure(make_digest) -> None:
    digest = {**make_digest(), "findings": [], "probes": []}
    assert headline_figure(digest) is None
    assert outcome_figure(digest) is None
    assert split_figures(digest) == []


def test_same_digest_same_bytes(make_digest) -> None:
    assert headline_figure(make_digest()) == headline_figure(make_digest())


def test_spoken_rows_leave_out_what_is_not_there() -> None:
    row = Row("Sensitivity", marks=(Mark("model", 0.8),))
    assert spoken([row]) == "Sensitivity: model 80.0%."
    assert spoken([replace(row, detail="strict", null=0.2)]) == "Sensitivity (strict): model 80.0%, chance 20.0%."
