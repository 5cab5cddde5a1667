from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from audit.stats.bootstrap import bca, bootstrap
from audit.stats.combination import combined_interval, few_vary

PARTS = ((0, 1, 1.0), (2, 3, -1.0))


def youden(totals: np.ndarray) -> np.ndarray:
    return totals[..., 0] / totals[..., 1] - totals[..., 2] / totals[..., 3]


def totals(found: np.ndarray, alarms: np.ndarray) -> np.ndarray:
    return np.column_stack([found, np.full(len(found), 5.0), alarms, np.full(len(found), 3.0)])


def test_a_perfect_model_is_bounded_by_what_its_clusters_can_still_hide() -> None:
    """40 clusters without an error: at most 1 - 0.025^(1/40) of clusters fail, in both shares at once."""
    perfect = totals(np.full(40, 5.0), np.zeros(40))
    assert bca(bootstrap(perfect, youden, np.random.default_rng(0), 200)) is None
    interval = combined_interval(perfect, PARTS, 0.95)
    assert interval is not None
    assert interval.low == pytest.approx(1 - 2 * (1 - 0.025 ** (1 / 40)))
    assert interval.high == pytest.approx(1.0)
    assert few_vary(perfect, PARTS)


def test_single_items_give_clopper_pearson_of_each_share() -> None:
    """Disjoint clusters of one item each: the shares' own exact bounds (over n effective items), added."""
    rows = np.zeros((80, 4))
    rows[:40, 1] = rows[40:, 3] = 1
    rows[:40, 0] = 1
    interval = combined_interval(rows, PARTS, 0.9)
    assert interval is not None
    assert interval.low == pytest.approx(beta.ppf(0.05, 40, 1) - beta.ppf(0.95, 1, 40))


def test_many_clusters_with_errors_are_left_to_resampling() -> None:
    rng = np.random.default_rng(1)
    assert not few_vary(totals(rng.binomial(5, 0.5, 48), rng.binomial(3, 0.3, 48)), PARTS)
    few_wrong = np.full(48, 5.0)
    few_wrong[:6] = 0
    assert few_vary(totals(few_wrong, np.zeros(48)), PARTS)


def test_no_interval_from_one_cluster() -> None:
    assert combined_interval(totals(np.array([5.0]), np.array([0.0])), PARTS, 0.95) is None


@pytest.mark.parametrize("failing", [0.03, 0.08])
def test_covers_where_clusters_fail_as_a_whole(failing: float) -> None:
    """Nominal 0.95; resampling alone covers 0.77 at 48 clusters and 3% (it sees no error in a fifth of the draws)."""
    rng, draws, hits = np.random.default_rng(2), 400, 0
    for _ in range(draws):
        bad = rng.random(48) < failing
        interval = combined_interval(totals(np.where(bad, 0.0, 5.0), np.where(bad, 3.0, 0.0)), PARTS, 0.95)
        hits += interval is not None and interval.low - 1e-12 <= 1 - 2 * failing <= interval.high + 1e-12
    assert hits / draws >= 0.92
