"""Wins, ties and losses over several cells: as a share of the cells, and as the mean over pairs of models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit.core.finding import ANNOTATIONS, Finding
from probes.comparison.metrics import NAME, TITLES, Metric

OUTCOMES = ("win", "tie", "loss")


def rate_findings(findings: Sequence[Finding], metrics: Sequence[Metric]) -> Iterator[Finding]:
    """`comparison.win_rate`, `tie_rate` and `loss_rate` per metric, over all cells and as the mean of per-pair rates,
    as arXiv 2411.04118 reports both. Nothing where fewer than two cells have an outcome.

    The cells are those that were chosen, not a sample of cells: the rates carry no interval.
    """
    for metric in metrics:
        cells = [found for found in findings if _is_cell(found, metric)]
        if len(cells) < 2:
            continue
        pairs: dict[str, list[str]] = {}
        for found in cells:
            pairs.setdefault(found.tags.get("pair", ""), []).append(found.tags["outcome"])
        for outcome in OUTCOMES:
            hits = sum(found.tags["outcome"] == outcome for found in cells)
            words = f"{outcome.capitalize()} by {TITLES[metric]} in {hits} of {len(cells)} cells."
            yield _finding(cells, metric, outcome, "cells", hits / len(cells), words)
            if len(pairs) > 1:
                mean = sum(seen.count(outcome) / len(seen) for seen in pairs.values()) / len(pairs)
                words = (
                    f"{outcome.capitalize()} by {TITLES[metric]}, mean of the rates of {len(pairs)} pairs: {mean:.3f}."
                )
                yield _finding(cells, metric, outcome, "pairs", mean, words)


def _is_cell(finding: Finding, metric: Metric) -> bool:
    named = {name for name in finding.tags if name not in ANNOTATIONS}
    claim = (finding.metric, finding.comparison, finding.scoring)
    return (
        claim == (f"{NAME}.{metric}", "vs_base", "strict") and named <= {"data", "pair"} and "outcome" in finding.tags
    )


def _finding(cells: Sequence[Finding], metric: Metric, outcome: str, over: str, rate: float, words: str) -> Finding:
    return Finding(
        probe=NAME,
        title=f"{outcome.capitalize()} rate over {over}, {TITLES[metric]}",
        plain_words=words,
        metric=f"{NAME}.{outcome}_rate",
        scoring="strict",
        model="model",
        base="base",
        estimate=rate,
        n_items=sum(cell.n_items for cell in cells),
        n_clusters=sum(cell.n_clusters for cell in cells),
        tags={"metric": metric, "over": over},
    )
