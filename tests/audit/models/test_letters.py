"""Option labels among reported tokens: against a direct sum of probabilities, and against any garbage."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.query import Option
from audit.models.letters import option_logprobs

ABC = tuple(Option(label, f"text {label}") for label in "ABC")
WORDS = (Option("yes", "yes"), Option("No", "no"))
VARIANTS = ("{}", " {}", "({}", "{}.", "▁{}", "Ġ{}", "**{}")


def entry(token: str, shares: dict[str, float]) -> dict:
    top = [{"token": name, "logprob": math.log(share)} for name, share in shares.items()]
    return {"token": token, "logprob": math.log(shares[token]), "top_logprobs": top}


@given(
    st.dictionaries(st.tuples(st.sampled_from("ABCX"), st.sampled_from(VARIANTS)), st.floats(1e-6, 0.05), min_size=1)
)
def test_variants_add_up_and_the_present_options_share_one(cells: dict[tuple[str, str], float]) -> None:
    shares = {form.format(label): share for (label, form), share in cells.items()}
    mass = {label: sum(share for (own, _), share in cells.items() if own == label) for label in "ABC"}
    present = {label: share for label, share in mass.items() if share}
    found, notes = option_logprobs([entry(next(iter(shares)), shares)], ABC)
    total = sum(present.values())
    assert found == pytest.approx({label: math.log(share / total) for label, share in present.items()}, abs=1e-9)
    assert notes == (("logprobs_missing",) if not present else () if len(present) == 3 else ("truncated_logprobs",))


def test_a_lone_letter_keeps_its_case_and_a_word_does_not() -> None:
    assert option_logprobs([entry("a", {"a": 0.9, "b": 0.1})], ABC) == ({}, ("logprobs_missing",))
    found, notes = option_logprobs([entry("Yes", {"Yes": 0.6, "no": 0.2})], WORDS)
    assert found == pytest.approx({"yes": math.log(0.75), "No": math.log(0.25)})
    assert notes == ()


def test_white_space_and_brackets_before_the_answer_are_passed_over() -> None:
    tokens = [entry("\n", {"\n": 0.9, "A": 0.1}), entry("(", {"(": 1.0}), entry("B", {"B": 0.8, "A": 0.2})]
    assert option_logprobs(tokens, ABC[:2])[0] == pytest.approx({"A": math.log(0.2), "B": math.log(0.8)})


def test_the_emitted_token_is_not_counted_twice() -> None:
    (found, _) = option_logprobs([entry("A", {"A": 0.5, "B": 0.5})], ABC[:2])
    assert found == pytest.approx({"A": math.log(0.5), "B": math.log(0.5)})


json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.sampled_from(["A", "B", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["token", "logprob", "top_logprobs", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from(["token", "logprob", "top_logprobs"]), json), max_size=4), st.text())
def test_garbage_gives_finite_numbers_or_none(tokens: list[dict], after: str) -> None:
    found, notes = option_logprobs(tokens, ABC, after=after)
    assert all(math.isfinite(value) and value <= 1e-9 for value in found.values())
    assert bool(found) != ("logprobs_missing" in notes)
