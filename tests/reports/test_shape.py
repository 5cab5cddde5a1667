"""Shapes: what fits a type and what does not."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

import pytest

from reports.shape import mismatches


class Inner(TypedDict):
    word: Literal["a", "b"]
    numbers: list[float]


class Outer(TypedDict):
    inner: dict[str, Inner]
    maybe: int | None
    free: Any


GOOD = {"inner": {"x": {"word": "a", "numbers": [1, 2.5]}}, "maybe": None, "free": [{"any": object}]}


def test_what_fits() -> None:
    assert not list(mismatches(GOOD, Outer))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"maybe": "1"}, "expected digest.maybe to be int | None"),
        ({"maybe": True}, "digest.maybe"),
        ({"inner": []}, "expected digest.inner to be a mapping"),
        ({"inner": {"x": 3}}, "expected digest.inner.x to be a mapping"),
        ({"inner": {1: GOOD["inner"]["x"]}}, "digest.inner key"),
        ({"inner": {"x": {"word": "c", "numbers": []}}}, "'a' or 'b'"),
        ({"inner": {"x": {"word": "a", "numbers": "no"}}}, "a list"),
        ({"inner": {"x": {"word": "a", "numbers": [float("inf")]}}}, "numbers[0]"),
        ({"inner": {"x": {"word": "a", "numbers": [False]}}}, "numbers[0]"),
        ({"inner": {"x": {"word": "a"}}}, "digest.inner.x.numbers is missing"),
        ({"more": 1}, "digest.more is not known"),
    ],
)
def test_what_does_not(changes: dict[Any, Any], told: str) -> None:
    assert told in " ".join(mismatches({**GOOD, **changes}, Outer))
