"""The draws have the truth that is claimed, and a method that does not hold it is seen not to."""

from __future__ import annotations

import numpy as np
import pytest

import audit.app.selftest.coverage as module
from audit.app.selftest.coverage import BANDS, DESIGNS, Design, coverage
from audit.app.selftest.draws import f1, f1_truth, tables
from audit.app.selftest.runner import Runner
from audit.core.measure import share
from audit.policy.evidence import Figure
from audit.stats.bootstrap import bootstrap


@pytest.mark.parametrize("place", range(len(DESIGNS)), ids=lambda place: DESIGNS[place].name)
def test_the_truth_is_what_the_draws_come_to(place: int) -> None:
    """The mean of many estimates lies within four standard errors of the stated truth (plus the bias of a ratio)."""
    design, rng = DESIGNS[place], np.random.default_rng(place)
    estimates = np.array([design.draw(rng).estimate for _ in range(150)])
    assert np.isfinite(estimates).all()
    error = estimates.std(ddof=1) / np.sqrt(len(estimates))
    assert abs(estimates.mean() - design.truth) < 4 * error + 0.004


def test_f1_of_expected_counts() -> None:
    drawn = tables(20_000, 0.8, 0.2, 0.2, np.random.default_rng(0)).sum(axis=0)
    assert float(f1(drawn)) == pytest.approx(f1_truth(0.8, 0.2), abs=0.01)
    tp, fp, fn = 0.24, 0.14, 0.06
    assert f1_truth(0.8, 0.2) == pytest.approx(2 * tp / (2 * tp + fp + fn))


def test_few_processes_or_many_give_the_same() -> None:
    assert coverage(20, runner=Runner(processes=2)) == coverage(20)


def test_an_interval_that_takes_rows_for_patients_is_seen_to_be_short(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(rng: np.random.Generator) -> Figure:
        ability = rng.beta(0.9, 0.9, 30)
        right = rng.random((30, 10)) < ability[:, None]
        return Figure(bootstrap(np.column_stack([right.ravel().astype(float), np.ones(300)]), share, rng, 200))

    monkeypatch.setattr(module, "DESIGNS", (Design("rows as patients", "bootstrap", 0.5, rows),))
    (covered,) = coverage(100)
    assert covered.held.high < BANDS["bootstrap"][0]
