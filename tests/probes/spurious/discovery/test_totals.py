import math

import numpy as np
import pytest

from probes.spurious.discovery.influence import image_rows
from probes.spurious.discovery.totals import class_gap, influence_columns, influence_share, performance_gap, signed_gap

# Two classes: n_in, right_in, n_out, right_out, asked, hit, each for class 0 and 1.
SUMS = np.array([2, 3, 2, 1, 4, 1, 1, 1, 0, 2, 0, 1], dtype=float)


def test_closed_forms():
    assert performance_gap(SUMS) == pytest.approx(2 * 2 / 6 * (1 - 1 / 4) + 2 * 1 / 4 * (1 - 1 / 3))
    assert influence_share(SUMS) == 0.5
    assert performance_gap(np.stack([SUMS, SUMS])).shape == (2,)
    assert class_gap(1)(np.stack([SUMS, SUMS])) == pytest.approx([-1 / 3, -1 / 3])
    assert influence_columns(SUMS, 1).tolist() == [1, 2]


def test_undefined_is_nan_and_not_zero():
    only_in = SUMS * np.repeat([1, 1, 0, 0, 1, 1], 2)
    assert math.isnan(performance_gap(only_in))
    assert math.isnan(influence_share(only_in))
    better = SUMS.copy()
    better[3] = 3  # class 1 is as good inside as outside: no class loses
    assert math.isnan(influence_share(better))


def test_signs_of_another_half_make_the_gap_a_sum_that_can_cancel():
    assert signed_gap((1.0, -1.0))(SUMS) == pytest.approx(performance_gap(SUMS))
    assert signed_gap((1.0, 1.0))(SUMS) == pytest.approx(0.5 - 1 / 3)
    assert signed_gap((0.0, -1.0))(SUMS) == pytest.approx(1 / 3)
    assert math.isnan(signed_gap((1.0, -1.0))(np.zeros(12)))


def test_the_absolute_gap_of_noise_is_not_zero_but_the_signed_one_is_on_average(random_table):
    """Why the report has both: of a model without any spurious region G is positive, and its sign says nothing."""
    absolute, signed = [], []
    for seed in range(400):
        table, assignment = random_table(seed, images=60)
        sums = image_rows(table, assignment, 0).sum(axis=0)
        absolute.append(performance_gap(sums))
        signed.append(signed_gap((1.0, -1.0, -1.0))(sums))
    assert np.mean(absolute) > 0.2
    assert abs(np.mean(signed)) < 4 * np.std(signed) / 20
