"""Macro-F1 and balanced accuracy: the definitions, closed forms, resamples by hand and by scipy, and coverage."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from audit.core.measure import share
from audit.stats.bootstrap import bca, bootstrap
from audit.stats.classes import balanced_accuracy, macro_f1
from audit.stats.paired import Paired, mcnemar_exact, paired

CLASSES = 4


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    path = Path(__file__).parents[3] / "benchmarks" / "comparison.py"
    spec = importlib.util.spec_from_file_location("benchmarks_comparison", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def totals(target: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Rows by the definition of true positives, false positives and misses, one class at a time."""
    table = np.zeros((len(target), 3 * CLASSES))
    for k in range(CLASSES):
        table[:, k] = (target == k) & (given == k)
        table[:, CLASSES + k] = (target != k) & (given == k)
        table[:, 2 * CLASSES + k] = (target == k) & (given != k)
    return table


def by_definition(target: np.ndarray, given: np.ndarray) -> float:
    """F1 as the harmonic mean of precision and recall, averaged over classes."""
    scores = []
    for k in range(CLASSES):
        hit, said, there = np.sum((target == k) & (given == k)), np.sum(given == k), np.sum(target == k)
        if said + there:
            scores.append(0.0 if hit == 0 else scipy.stats.hmean([hit / said, hit / there]))
    return float(np.mean(scores))


@given(st.lists(st.tuples(st.integers(0, CLASSES - 1), st.integers(-1, CLASSES - 1)), min_size=1, max_size=40))
def test_macro_f1_is_the_mean_harmonic_mean_of_precision_and_recall(pairs: list[tuple[int, int]]) -> None:
    target, given = np.array(pairs).T
    assert float(macro_f1(totals(target, given).sum(axis=0))) == pytest.approx(by_definition(target, given))


@given(st.lists(st.tuples(st.integers(0, CLASSES - 1), st.integers(-1, CLASSES - 1)), min_size=1, max_size=40))
def test_balanced_accuracy_is_the_mean_recall_of_the_classes_that_occur(pairs: list[tuple[int, int]]) -> None:
    target, given = np.array(pairs).T
    table = totals(target, given)
    hits, items = table[:, :CLASSES], table[:, :CLASSES] + table[:, 2 * CLASSES :]
    recalls = [np.mean(given[target == k] == k) for k in np.unique(target)]
    assert float(balanced_accuracy(np.hstack([hits, items]).sum(axis=0))) == pytest.approx(np.mean(recalls))


def test_closed_forms() -> None:
    assert macro_f1(np.array([3.0, 2, 0, 0, 0, 0])) == 1
    assert macro_f1(np.array([5.0, 0, 5, 0, 0, 5])) == pytest.approx((2 * 5 / 15 + 0) / 2)  # always the first class
    assert balanced_accuracy(np.array([5.0, 0, 5, 5])) == 0.5
    assert np.isnan(macro_f1(np.zeros(6)))
    assert np.isnan(balanced_accuracy(np.zeros(4)))


def test_the_largest_step_is_at_least_what_any_item_can_do() -> None:
    """Against every change of a single answer."""
    rng = np.random.default_rng(7)
    for n in (12, 60):
        target = rng.integers(0, CLASSES, n)
        given = np.where(rng.random(n) < 0.3, rng.integers(0, CLASSES, n), target)
        sums = totals(target, given).sum(axis=0)
        largest = 0.0
        for item in range(n):
            for said in range(CLASSES):
                other = given.copy()
                other[item] = said
                largest = max(largest, abs(float(macro_f1(totals(target, other).sum(axis=0)) - macro_f1(sums))))
        assert largest <= macro_f1.largest_step(sums) <= 2.5 * largest


def test_models_that_never_disagree_are_not_called_the_same_more_easily_than_by_accuracy(bench: ModuleType) -> None:
    target, model, _ = bench.simulated(np.random.default_rng(1), 60, 3)
    rows, ones = bench.rows(target, model, 3), np.ones(60)
    by_f1 = paired(rows, rows, macro_f1, np.random.default_rng(0), 1000, sizes=ones).interval
    right = np.column_stack([target == model, ones]).astype(float)
    by_accuracy = paired(right, right, share, np.random.default_rng(0), 1000, sizes=ones).interval
    assert by_f1 is not None
    assert by_accuracy is not None
    assert by_f1.low <= by_accuracy.low < 0 < by_accuracy.high <= by_f1.high


def test_many_resamples_at_once_are_each_their_own() -> None:
    sums = np.random.default_rng(0).integers(0, 9, (3, 5, 12)).astype(float)
    assert macro_f1(sums).shape == (3, 5)
    assert macro_f1(sums)[1, 2] == macro_f1(sums[1, 2])


@pytest.mark.parametrize("statistic", [macro_f1, balanced_accuracy])
def test_columns_that_do_not_part_are_refused(statistic: object) -> None:
    with pytest.raises(ValueError, match="multiple"):
        statistic(np.zeros(7))  # type: ignore[operator]


def test_the_interval_is_that_of_scipys_bootstrap(bench: ModuleType) -> None:
    target, model, base = bench.simulated(np.random.default_rng(3), 400)
    a, b = bench.rows(target, model, 8), bench.rows(target, base, 8)

    def difference(sums: np.ndarray) -> np.ndarray:
        return np.asarray(macro_f1(sums[..., :24]) - macro_f1(sums[..., 24:]))

    ours = bca(bootstrap(np.hstack([a, b]), difference, np.random.default_rng(1), 10_000), expanded=False)

    def of_sample(rows: np.ndarray, axis: int) -> np.ndarray:
        sums = np.stack([np.hstack([a, b])[one].sum(axis=0) for one in np.atleast_2d(rows)])
        return difference(sums) if rows.ndim > 1 else difference(sums)[0]

    theirs = scipy.stats.bootstrap(
        (np.arange(400),), of_sample, vectorized=True, n_resamples=4000, batch=500, rng=np.random.default_rng(2)
    ).confidence_interval
    assert ours is not None
    width = ours.high - ours.low
    assert ours.low == pytest.approx(theirs.low, abs=0.05 * width)
    assert ours.high == pytest.approx(theirs.high, abs=0.05 * width)


def test_the_resamples_are_those_of_drawing_items(bench: ModuleType) -> None:
    """Weights over distinct joint rows have the distribution of items drawn one by one."""
    target, model, base = bench.simulated(np.random.default_rng(4), 600, 3)
    a, b = bench.rows(target, model, 3), bench.rows(target, base, 3)
    ours = paired(a, b, macro_f1, np.random.default_rng(5), 10_000).boot.replicates
    rng = np.random.default_rng(6)
    picks = [rng.integers(0, 600, 600) for _ in range(2000)]
    theirs = [
        bench.f1_by_table(target[pick], model[pick], 3) - bench.f1_by_table(target[pick], base[pick], 3)
        for pick in picks
    ]
    assert scipy.stats.ks_2samp(ours, theirs).pvalue > 0.01


def test_single_items_give_exact_mcnemar_for_accuracy_also_against_statsmodels() -> None:
    from statsmodels.stats.contingency_tables import mcnemar

    b, c, both, neither = 17, 31, 90, 22
    model = np.repeat([1, 0, 1, 0], [b, c, both, neither])
    base = np.repeat([0, 1, 1, 0], [b, c, both, neither])
    ones = np.ones(len(model))
    found = paired(np.column_stack([model, ones]), np.column_stack([base, ones]), share, np.random.default_rng(0), 1000)
    exact = mcnemar([[both, b], [c, neither]], exact=True).pvalue
    assert found.p == pytest.approx(exact)
    assert mcnemar_exact(b, c) == pytest.approx(exact)


@pytest.mark.parametrize(("n", "size"), [(200, 1), (60, 4)])
def test_the_interval_of_the_difference_covers_as_often_as_it_says(bench: ModuleType, n: int, size: int) -> None:
    """400 draws: standard error 0.011. More draws in benchmarks/comparison.py."""
    assert 0.92 <= bench.coverage(n, 400, size=size, resamples=1000) <= 0.985


def test_ten_thousand_paired_resamples_of_a_real_size_take_less_than_two_seconds(
    bench: ModuleType, fastest: Callable[[Callable[[], object], float], float]
) -> None:
    target, model, base = bench.simulated(np.random.default_rng(0))
    a, b = bench.rows(target, model, 8), bench.rows(target, base, 8)

    def resampled() -> Paired:
        return paired(a, b, macro_f1, np.random.default_rng(0), 10_000, sizes=np.ones(len(target)))

    found = resampled()
    assert fastest(resampled, 2) < 2
    direct = bench.f1_by_table(target, model, 8) - bench.f1_by_table(target, base, 8)
    assert found.estimate == pytest.approx(direct, abs=1e-12)
