"""Canonical bytes: equal data, equal bytes; order of keys plays no part; what is not plain data is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.canonical import canonical, digest

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
PLAIN = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


@given(PLAIN)
def test_it_reads_back_equal(value: object) -> None:
    assert json.loads(canonical(value)) == value  # type: ignore[arg-type]


@given(st.dictionaries(st.text(), LEAVES))
def test_the_order_of_keys_plays_no_part(data: dict[str, object]) -> None:
    assert digest(dict(reversed(data.items()))) == digest(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical(value)


def test_objects_are_refused() -> None:
    with pytest.raises(TypeError, match="Expected plain data"):
        canonical({"a": object()})  # type: ignore[dict-item]
