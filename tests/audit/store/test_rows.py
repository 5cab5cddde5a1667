"""What the store writes reads back equal, whatever a model said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audit.core.answer import STATUSES, Answer
from audit.store.rows import decode, encode

FINITE = st.floats(allow_nan=False, allow_infinity=False)
ANSWERS = st.builds(
    Answer,
    text=st.text(),
    status=st.sampled_from(STATUSES),
    option_logprobs=st.dictionaries(st.text(), FINITE, max_size=3),
    option_tokens=st.dictionaries(st.text(), st.integers(0, 99), max_size=3),
    reasoning=st.text(),
    notes=st.lists(st.text(), max_size=2).map(tuple),
    detail=st.text(),
    new_tokens=st.none() | st.integers(0, 99),
)


@given(ANSWERS)
def test_round_trip(answer: Answer) -> None:
    assert decode(encode(answer)) == answer


def test_lone_surrogates_survive() -> None:
    assert decode(encode(Answer("\udc80\x00"))) == Answer("\udc80\x00")


def test_unknown_fields_of_a_newer_version_are_left_out() -> None:
    assert decode('{"text": "A", "mood": "sunny"}') == Answer("A")
