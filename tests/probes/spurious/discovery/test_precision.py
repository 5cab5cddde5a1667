import numpy as np
import pytest

from probes.spurious.discovery.precision import precision_at

HOLDS = np.array([True, False, True, True, False, True])


def test_the_share_of_the_first_ranked():
    assert precision_at(np.array([0, 1, 2, 3]), HOLDS, 2) == 0.5
    assert precision_at(np.array([0, 2, 3, 5, 1, 4]), HOLDS, 4) == 1
    assert precision_at(np.array([1, 4]), HOLDS, 1) == 0


def test_a_short_ranking_counts_as_it_is_and_none_found_is_nothing():
    assert precision_at(np.array([0, 2]), HOLDS) == 0.2
    assert precision_at(np.empty(0, dtype=np.intp), HOLDS) == 0


@pytest.mark.parametrize(("ranking", "k"), [([0, 0], 10), ([0, 1], 0)])
def test_a_row_ranked_twice_is_refused(ranking, k):
    with pytest.raises(ValueError, match="distinct rows"):
        precision_at(np.array(ranking), HOLDS, k)
