import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.stats.clusters import kish, sizes_of, total_by_cluster


def test_totals_keep_the_order_of_first_appearance():
    names, totals = total_by_cluster(["b", "a", "b", "c"], [[1, 1], [0, 1], [0.5, 1], [1, 1]])
    assert names == ("b", "a", "c")
    np.testing.assert_array_equal(totals, [[1.5, 2], [0, 1], [1, 1]])


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(-9, 9)), min_size=1))
def test_totals_agree_with_a_plain_sum_and_lose_nothing(rows):
    names, totals = total_by_cluster([name for name, _ in rows], [[value] for _, value in rows])
    assert set(names) == {name for name, _ in rows}
    for name, total in zip(names, totals[:, 0], strict=True):
        assert total == sum(value for other, value in rows if other == name)


def test_rows_that_do_not_match_the_clusters_are_refused():
    with pytest.raises(ValueError, match="shape"):
        total_by_cluster(["a"], [[1], [2]])
    with pytest.raises(ValueError, match="shape"):
        total_by_cluster(["a", "b"], [1, 2])


@given(st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_kish_lies_between_one_and_the_number_of_clusters_and_ignores_the_unit(sizes):
    held = sum(size > 0 for size in sizes)
    assert 1 - 1e-9 <= kish(sizes) <= held + 1e-9
    assert kish(sizes) == pytest.approx(kish(np.array(sizes) * 1e-200))
    assert kish(sizes) == pytest.approx(sum(sizes) ** 2 / sum(size**2 for size in sizes))


def test_kish_of_equal_clusters_is_their_number_and_of_none_is_zero():
    assert kish([7] * 12) == pytest.approx(12)
    assert kish([]) == kish([0, 0]) == 0
    with pytest.raises(ValueError, match="not negative"):
        kish([1, -1])


def test_sizes_are_read_from_the_denominators():
    sizes = np.array([3.0, 1, 4, 1, 5])
    right = np.array([1.0, 1, 0, 0, 5])
    other = np.array([2.0, 0, 4, 1, 0])
    np.testing.assert_array_equal(sizes_of(np.column_stack([right, sizes])), sizes)
    both_arms = np.column_stack([right, sizes, other, sizes])
    np.testing.assert_array_equal(sizes_of(both_arms), sizes)
    two_strata = np.column_stack([[1, 0, 2, 0, 0], [2, 0, 2, 0, 1], [0, 1, 0, 1, 2], [0, 3, 0, 1, 2]])
    np.testing.assert_array_equal(sizes_of(two_strata), [2, 3, 2, 1, 3])
    confusion = np.array([[1.0, 0, 2], [0, 3, 0], [4, 0, 0]])
    np.testing.assert_array_equal(sizes_of(confusion), [3, 3, 4])
