"""The calibration error: closed forms, no bias by simulation, and what its interval and test promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from audit.stats.bootstrap import bca, bootstrap
from audit.stats.calibration import COLUMNS, CalibrationError, bins_for, equal_mass

Array = NDArray[np.float64]


def totals(confidence: Array, right: Array, clusters: NDArray[np.intp], bins: int) -> Array:
    """Totals (C, 4 bins) counted directly."""
    place = np.searchsorted(equal_mass(confidence.tolist(), bins), confidence, side="left")
    made = np.zeros((int(clusters.max()) + 1, bins, COLUMNS))
    np.add.at(made[:, :, 0], (clusters, place), 1)
    np.add.at(made[:, :, 1], (clusters, place), right - confidence)
    made[:, :, 2], made[:, :, 3] = made[:, :, 1] ** 2, made[:, :, 0] ** 2
    return made.reshape(len(made), -1)


def draw(
    rng: np.random.Generator, clusters: int, size: int, over: float, icc: float
) -> tuple[Array, Array, NDArray[np.intp]]:
    """Answers that are right `over` less often than they are sure; those of a cluster go together."""
    names = np.repeat(np.arange(clusters), size)
    confidence = rng.uniform(0.5, 1, len(names))
    shared, own = rng.random(clusters)[names], rng.random(len(names))
    luck = np.where(rng.random(len(names)) < np.sqrt(icc), shared, own)
    return confidence, (luck < confidence - over).astype(float), names


def error(confidence: Array, right: Array, names: NDArray[np.intp], bins: int) -> float:
    return float(CalibrationError(bins)(totals(confidence, right, names, bins).sum(axis=0)))


def test_one_answer_a_cluster_is_the_debiased_estimator_of_kumar() -> None:
    """(mean right - mean confidence)^2 less the sample variance of the mean, bin by bin."""
    rng = np.random.default_rng(0)
    confidence, right, names = draw(rng, 200, 1, 0.15, 0.0)
    place = np.searchsorted(equal_mass(confidence.tolist(), 4), confidence, side="left")
    squared = 0.0
    for bin_ in range(4):
        off = (right - confidence)[place == bin_]
        squared += len(off) / 200 * (off.mean() ** 2 - off.var(ddof=1) / len(off))
    assert error(confidence, right, names, 4) == pytest.approx(np.sign(squared) * np.sqrt(abs(squared)))


def test_of_clusters_only_pairs_of_different_ones_count() -> None:
    confidence = np.array([0.6, 0.6, 0.6, 0.6, 0.6])
    right, names = np.array([1.0, 1, 1, 0, 1]), np.array([0, 0, 1, 2, 2])
    off = right - confidence
    pairs = [off[i] * off[j] for i in range(5) for j in range(5) if names[i] != names[j]]
    squared = float(np.mean(pairs))
    assert error(confidence, right, names, 1) == pytest.approx(np.sign(squared) * np.sqrt(abs(squared)))
    assert np.isnan(error(confidence, right, np.zeros(5, dtype=np.intp), 1))


def test_bins_hold_equally_many_and_equal_confidences_share_one() -> None:
    confidence = np.arange(100) / 100
    place = np.searchsorted(equal_mass(confidence.tolist(), 5), confidence, side="left")
    assert np.bincount(place).tolist() == [20] * 5
    assert len(np.unique(np.searchsorted(equal_mass([0.9] * 50, 5), [0.9] * 50, side="left"))) == 1
    assert [bins_for(n) for n in (20, 90, 300, 5000)] == [2, 3, 10, 10]


@given(st.integers(0, 10_000))
def test_the_order_of_answers_and_the_names_of_clusters_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    confidence, right, names = draw(rng, 15, 4, 0.1, 0.2)
    order, renamed = rng.permutation(60), rng.permutation(15)[names]
    assert error(confidence[order], right[order], renamed[order], 3) == pytest.approx(
        error(confidence, right, names, 3)
    )


@pytest.mark.parametrize(("over", "icc"), [(0.0, 0.0), (0.0, 0.4), (0.1, 0.3), (0.3, 0.0)])
def test_the_squared_error_has_no_bias_whatever_clusters_share(over: float, icc: float) -> None:
    rng, runs = np.random.default_rng(3), 3000
    found = np.array([error(*draw(rng, 60, 3, over, icc), 5) for _ in range(runs)])
    squared = np.sign(found) * found**2
    within = squared.std() / np.sqrt(runs)
    assert squared.mean() == pytest.approx(over**2, abs=4 * within + 0.03 * over**2)


def test_the_plain_error_of_a_calibrated_model_is_far_from_zero() -> None:
    """What the correction is for: the mean over bins of |right - confidence|."""
    rng, plain, debiased = np.random.default_rng(4), [], []
    for _ in range(300):
        confidence, right, names = draw(rng, 200, 1, 0.0, 0.0)
        sums = totals(confidence, right, names, 6).sum(axis=0).reshape(6, COLUMNS)
        plain.append(np.abs(sums[:, 1]).sum() / 200)
        debiased.append(error(confidence, right, names, 6))
    assert np.mean(plain) > 0.05
    assert abs(np.mean(debiased)) < 0.015


@pytest.mark.parametrize(("over", "size", "icc"), [(0.0, 1, 0.0), (0.0, 4, 0.3), (0.15, 1, 0.0), (0.15, 4, 0.3)])
def test_intervals_cover_and_the_test_does_not_cry_wolf(over: float, size: int, icc: float) -> None:
    rng, runs, covered, above = np.random.default_rng(5), 150, 0, 0
    for _ in range(runs):
        confidence, right, names = draw(rng, 90, size, over, icc)
        statistic = CalibrationError(bins_for(len(right)))
        sums = totals(confidence, right, names, statistic.bins)
        found = bca(bootstrap(sums, statistic, rng, 1000, sizes=np.full(90, float(size))))
        assert found is not None
        covered += found.covers(over)
        above += found.low > 0
    assert covered / runs >= 0.93
    if over == 0:
        assert above / runs <= 0.05
