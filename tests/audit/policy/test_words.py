from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.policy.words import Sample, control_words, difference_words, fill, number_words, share_words

MANY = Sample(240, 60)


@pytest.mark.parametrize(
    ("estimate", "low", "high", "words"),
    [
        (0.12, 0.08, 0.17, "about 12 of 100 (8 to 17; 240 items in 60 independent groups)"),
        (0.004, 0.001, 0.02, "about 4 of 1,000 (1 to 20; 240 items in 60 independent groups)"),
        (0.0004, 0.0001, 0.02, "about 4 of 10,000 (1 to 200; 240 items in 60 independent groups)"),
        (0.997, 0.98, 0.9995, "about 997 of 1,000 (980 to 1,000; 240 items in 60 independent groups)"),
        (0.0, 0.0, 0.06, "0 of 240 (upper bound 6 of 100; 60 independent groups)"),
        (0.0, 0.0, 0.004, "0 of 240 (upper bound 0.4 of 100; 60 independent groups)"),
        (1.0, 0.94, 1.0, "240 of 240 (at least 94 of 100; 60 independent groups)"),
    ],
)
def test_shares(estimate: float, low: float, high: float, words: str) -> None:
    assert share_words(estimate, low, high, MANY) == words


def test_without_interval() -> None:
    alone = Sample(4, 1)
    assert share_words(0.5, None, None, alone).startswith(
        "about 50 of 100 (4 items in 1 independent group; no interval"
    )
    assert "all items belong together" in share_words(0.0, None, None, alone)
    assert "too alike or too few" in number_words(0.5, None, None, MANY)


def test_differences() -> None:
    base = "the base model"
    assert difference_words(-0.05, -0.12, 0.02, MANY, share=True, than=base) == (
        "about 5 of 100 fewer than the base model (12 fewer to 2 more; 240 items in 60 independent groups)"
    )
    assert difference_words(0.0, -0.03, 0.03, MANY, share=True, than=base).startswith(
        "about the same as the base model"
    )
    assert difference_words(0.25, 0.1, 0.4, MANY, share=False, than=base).startswith(
        "0.25 higher than the base model (0.10 higher to 0.40 higher;"
    )


def test_fill() -> None:
    assert fill("It finds {value} of them", "12") == "It finds 12 of them."
    assert fill("Right answers.", "12") == "Right answers: 12."
    assert fill("{value} {other}.", "12") == "12 {other}."


def test_controls_are_described() -> None:
    assert control_words("uniform+blind") == control_words("blind") == "the same model without the images"
    assert control_words("odd") == "the control 'odd'"


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_share_always_reads_as_a_frequency(a: float, b: float, c: float) -> None:
    low, estimate, high = sorted((a, b, c))
    words = share_words(estimate, low, high, MANY)
    assert " of " in words
    assert "60 independent groups" in words
    assert "nan" not in words
