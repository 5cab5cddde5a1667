"""The grammar of prompt formats: its size as published, what it writes, and seeded draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.query import Option
from probes.comparison.grammar import HOW, Format, combinations, drawn, formats
from probes.parsing.options import read_option

OPTIONS = (Option("A", "melanoma"), Option("B", "naevus"), Option("C", "none of these"))


def test_it_has_as_many_formats_as_published() -> None:
    """120,960 with the rule about line breaks, 179,712 without it."""
    assert sum(1 for _ in combinations()) == 179_712
    assert len(formats()) == len(set(formats())) == 120_960


def test_a_format_writes_what_it_says() -> None:
    form = Format(" :: ", "\n\n", "; ", "({})", "upper", "Question", "Choices", "The answer is")
    assert form.put("What is this?", OPTIONS) == (
        f"{HOW}\nQUESTION :: What is this?\n\n"
        "CHOICES :: (A) melanoma; (B) naevus; (C) none of these\n\nTHE ANSWER IS ::"
    )
    bare = Format(": ", " ", ", ", "{}.", "**{}**", "", "", "Answer")
    assert bare.put("What is this?", OPTIONS[:2]) == f"{HOW}\nWhat is this? A. melanoma, B. naevus **Answer**:"


def test_line_breaks_inside_items_need_line_breaks_between_them() -> None:
    assert not Format(":\n", " || ", " ", "{}.", "plain", "Question", "", "Answer").allowed
    assert not Format(": ", " ", ";\n", "{}.", "plain", "Question", "", "Answer").allowed
    assert Format(":\n", "\n", ";\n", "{}.", "plain", "Question", "", "Answer").allowed


@given(
    st.integers(0, 120_959),
    st.text(min_size=1, max_size=40),
    st.lists(st.text(min_size=1, max_size=20), min_size=2, max_size=5),
)
def test_question_and_options_are_put_whole_and_in_order(place: int, question: str, texts: list[str]) -> None:
    options = [Option("ABCDE"[n], text) for n, text in enumerate(texts)]
    put, at = formats()[place].put(question, options), 0
    for part in (question, *(option.text for option in options)):
        found = put.find(part, at)
        assert found >= 0, f"{part!r} does not stand in {put!r}"
        at = found + len(part)


@pytest.mark.parametrize("wrapper", ["({})", "{}.", "{})", "{} )", "[{}]"])
def test_an_answer_in_the_style_of_the_format_is_read(wrapper: str) -> None:
    assert read_option(f"{wrapper.format('B')} naevus", OPTIONS).given == "B"
    assert read_option(wrapper.format("B"), OPTIONS).given == "B"


def test_draws_are_seeded_and_write_different_prompts() -> None:
    one, two = (drawn(40, np.random.default_rng(3)) for _ in range(2))
    assert one == two != drawn(40, np.random.default_rng(4))
    assert len({form.put("x", OPTIONS) for form in one}) == 40
    assert all(form.allowed for form in one)
    assert drawn(5, np.random.default_rng(3)) == one[:5]
