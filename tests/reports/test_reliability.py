"""Reliability diagrams: drawn from a digest that holds bins, told in words, and absent from one that does not."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from reports.digest import build_digest
from reports.html import render
from reports.reliability import MOST, reliability_figures
from reports.schema import BinPart, Digest, ReliabilityPart


def part(title: str = "toy, greedy") -> ReliabilityPart:
    bins: list[BinPart] = [
        {"confidence": 0.55, "right": 0.4, "low": 0.3, "high": 0.5, "n": 30},
        {"confidence": 0.95, "right": 0.9, "low": None, "high": None, "n": 1},
    ]
    return {"title": title, "bins": {"model": bins, "base": bins[:1]}, "n_items": 31, "n_clusters": 12}


def with_bins(digest: Digest, *parts: ReliabilityPart) -> Digest:
    again: Any = {**digest, "reliability": list(parts)}
    return again  # type: ignore[no-any-return]


def test_a_figure_says_what_it_shows(make_digest: Callable[..., Digest]) -> None:
    (figure,) = reliability_figures(with_bins(make_digest(), part()))
    assert figure.title == "Reliability: toy, greedy"
    assert "31 items in 12 clusters" in figure.caption
    drawn = ET.fromstring(figure.wide)
    said = next(node.text for node in drawn.iter() if node.tag.endswith("desc"))
    assert said == "Model: 40% right of 30 at 55%, 90% right of 1 at 95%. Base model: 40% right of 30 at 55%."


def test_the_page_holds_it_and_older_digests_have_none(make_digest: Callable[..., Digest]) -> None:
    assert reliability_figures(make_digest()) == []
    assert "How sure, and how often right" not in render(make_digest())
    page = render(with_bins(make_digest(), part("<b>x</b>")))
    assert "How sure, and how often right" in page
    assert "<b>x</b>" not in page


def test_there_are_not_too_many(make_digest: Callable[..., Digest]) -> None:
    assert len(reliability_figures(with_bins(make_digest(), *[part() for _ in range(MOST + 3)]))) == MOST


def test_bins_of_another_shape_are_refused(make_digest: Callable[..., Digest]) -> None:
    wrong: Any = {**part(), "n_items": "many"}
    with pytest.raises(ValueError, match="reliability"):
        build_digest(run=make_digest()["run"], reliability=[wrong])
