import math

import numpy as np
import pytest

from audit.core.measure import share
from audit.stats.did import METHOD_BY_DATASET, did

RNG = np.random.default_rng


def arms(seed, clusters, gain):
    rng = RNG(seed)
    ability = rng.integers(1, 6, clusters).astype(float)
    sizes = np.full(clusters, 8.0)
    return np.column_stack([ability + rng.binomial(2, gain, clusters), sizes]), np.column_stack([ability, sizes])


def test_variance_is_that_of_two_independent_paired_means():
    first, second = arms(1, 60, 0.6), arms(2, 90, 0.2)
    result = did(first, second, share, RNG(0), 20_000)
    gaps = [(a - b)[:, 0] / 8 for a, b in (first, second)]
    assert result.estimate == pytest.approx(gaps[0].mean() - gaps[1].mean())
    assert result.boot.se == pytest.approx(math.hypot(*(gap.std() / math.sqrt(len(gap)) for gap in gaps)), rel=0.03)
    assert result.interval.low > 0
    assert result.p < 0.05


def test_acceleration_is_that_of_two_samples():
    """Against the formula for several samples written out, for means."""
    first, second = arms(3, 30, 0.1), arms(4, 50, 0.9)
    left = did(first, second, share, RNG(0), 200).boot.jackknife
    deviation = left.mean() - left
    parts = [(a - b)[:, 0] / 8 for a, b in (first, second)]
    influence = np.concatenate([(parts[0] - parts[0].mean()) / 30, -(parts[1] - parts[1].mean()) / 50])
    expected = (influence**3).sum() / (6 * (influence**2).sum() ** 1.5)
    assert (deviation**3).sum() / (6 * (deviation**2).sum() ** 1.5) == pytest.approx(expected)


def test_few_disagreements_in_one_data_set_still_give_width():
    first, second = arms(5, 60, 0.5), arms(6, 40, 0.0)
    result = did(first, second, share, RNG(0), 1000)
    assert second[0].tolist() == second[1].tolist()
    assert result.interval.method == METHOD_BY_DATASET
    assert result.interval.high - result.interval.low > result.first.interval.high - result.first.interval.low
    assert 0 < result.p < 0.05  # as the interval says
    assert result.interval.low > 0


def test_the_draws_of_one_data_set_do_not_depend_on_the_other():
    one = did(arms(1, 60, 0.6), arms(2, 90, 0.2), share, RNG(0), 100)
    two = did(arms(1, 60, 0.6), arms(9, 30, 0.5), share, RNG(0), 100)
    np.testing.assert_array_equal(one.first.boot.replicates, two.first.boot.replicates)
    assert abs(np.corrcoef(one.first.boot.replicates, one.second.boot.replicates)[0, 1]) < 0.35


def test_data_sets_with_different_classes_are_compared_by_one_statistic():
    """Macro-F1 over 3 classes and over 2: each difference, and their difference, by hand."""
    from audit.stats.classes import macro_f1

    rng = RNG(8)
    arms_of = []
    for classes, n in ((3, 150), (2, 90)):
        target = rng.integers(0, classes, n)
        pair = []
        for miss in (0.1, 0.3):
            given = np.where(rng.random(n) < miss, (target + 1) % classes, target)
            pair.append(np.hstack([
                np.eye(classes)[target] * (target == given)[:, None],
                np.eye(classes)[given] * (target != given)[:, None],
                np.eye(classes)[target] * (target != given)[:, None],
            ]))  # fmt: skip
        arms_of.append(tuple(pair))
    one, two = arms_of
    found = did(one, two, macro_f1, RNG(0), 2000, sizes=(np.ones(150), np.ones(90)))
    gaps = [float(macro_f1(a.sum(0)) - macro_f1(b.sum(0))) for a, b in arms_of]
    assert found.estimate == pytest.approx(gaps[0] - gaps[1])
    assert found.first.boot.kish_clusters == 150
    assert found.boot.kish_clusters == 90
    assert found.boot.se == pytest.approx(math.hypot(found.first.boot.se, found.second.boot.se), rel=0.05)
