"""Rates of wins over cells, and as the mean over pairs of models."""

from __future__ import annotations

from audit.app.comparing.rates import rate_findings
from audit.core.finding import Finding

CELLS = [("x", "win"), ("x", "win"), ("x", "tie"), ("y", "loss")]


def cell(number: int, pair: str, outcome: str, **tags: str) -> Finding:
    return Finding(
        "comparison", "", "", "comparison.accuracy", "strict", "model", "base", "vs_base", 0.1,
        n_items=10, n_clusters=5, tags={"data": f"d{number}", "pair": pair, "outcome": outcome, **tags},
    )  # fmt: skip


def test_both_ways_of_averaging() -> None:
    findings = [cell(number, *given) for number, given in enumerate(CELLS)]
    got = {(f.metric, f.tags["over"]): f.estimate for f in rate_findings(findings, ("accuracy", "macro_f1"))}
    assert got == {
        ("comparison.win_rate", "cells"): 0.5,
        ("comparison.tie_rate", "cells"): 0.25,
        ("comparison.loss_rate", "cells"): 0.25,
        ("comparison.win_rate", "pairs"): (2 / 3 + 0) / 2,
        ("comparison.tie_rate", "pairs"): (1 / 3 + 0) / 2,
        ("comparison.loss_rate", "pairs"): (0 + 1) / 2,
    }


def test_slices_and_single_cells_make_no_rate() -> None:
    assert not list(rate_findings([cell(0, "x", "win"), cell(0, "x", "loss", slice="site=B")], ("accuracy",)))
