"""Connected components against scipy's, and the name that a component gets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components as scipy_components

from audit.data.clusters import connected_components


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=25))
def test_partition_equals_scipys(edges: list[tuple[int, int]]) -> None:
    found = connected_components([(node,) for node in range(16)] + list(edges))
    first, second = ([edge[side] for edge in edges] for side in (0, 1))
    _, labels = scipy_components(coo_array(([1] * len(edges), (first, second)), shape=(16, 16)), directed=False)
    for one in range(16):
        for other in range(16):
            assert (found[one] == found[other]) == (labels[one] == labels[other])


def test_a_component_is_named_by_its_first_node() -> None:
    assert connected_components([("b", "a"), ("c",), ("a", "d"), ("e", "c", "d")]) == dict.fromkeys("abcde", "b")
    assert connected_components([]) == {}
