"""Metrics by name, and what a figure says that it rests on."""

from __future__ import annotations

from typing import Any

import pytest

from audit.core.measure import metric_words as name
from reports.figures import headline_figure, outcome_figure, split_figures
from reports.grouping import resting_on


@pytest.mark.parametrize(
    ("metric", "words"),
    [("medobvious.false_alarm_rate", "false alarm rate"), ("shifts.delta", "difference"), ("own", "own")],
)
def test_a_metric_by_name(metric: str, words: str) -> None:
    assert name(metric) == words


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([(240, 48)], "240 items in 48 clusters"),
        ([(1, 1)], "1 item in 1 cluster"),
        ([(32, 8), (1384, 8)], "32 to 1,384 items in 8 clusters"),
    ],
)
def test_what_findings_rest_on(counts: list[tuple[int, int]], words: str) -> None:
    findings: list[Any] = [{"n_items": items, "n_clusters": clusters} for items, clusters in counts]
    assert resting_on([*findings, None]) == words


def test_every_figure_of_scores_says_how_many_items_it_rests_on(make_digest: Any) -> None:
    digest = make_digest(hostile=False)
    headline, outcomes, splits = headline_figure(digest), outcome_figure(digest), split_figures(digest)
    assert headline is not None
    assert outcomes is not None
    assert splits
    assert all(" items in " in figure.caption for figure in (headline, *splits))
    assert ", n = " in outcomes.wide
