"""Reasoning traces are separated, and a trace that never ended is never taken for an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.errors import InputError
from audit.models.reasoning import NAMED, Split, reasoning_pattern, split_reasoning


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<think>dark</think>B", Split("dark", "B", True)),
        ("<think>\na\n</think>\n\n<answer> B </answer>", Split("a", "B", True)),
        ("a</think>B", Split("a", "B", True)),
        ("<think>a", Split("a", "", False)),
        ("<think>a</think>B<think>c", Split("a\nB\nc", "", False)),
        ("<think>a</think>x<think>b</think>y", Split("a\nb", "xy", True)),
        ("B", Split("", "B", True)),
        ("I see a lung. <answer>B", Split("I see a lung.", "B", True)),
        ("<answer>A</answer> no, <answer>B</answer>", Split("<answer>A</answer> no,", "B", True)),
        ("<think>is it <answer>A</answer>?</think><answer>B</answer>", Split("is it <answer>A</answer>?", "B", True)),
        ("", Split("", "", True)),
    ],
)
def test_think_blocks(text: str, expected: Split) -> None:
    assert split_reasoning(text, "think") == expected


def test_a_block_that_the_prompt_opened() -> None:
    assert split_reasoning("still thinking", "think", opened=True) == ("still thinking", "", False)
    assert split_reasoning("done</think>B", "think", opened=True) == ("done", "B", True)
    assert split_reasoning("<think>done</think>B", "think", opened=True) == ("done", "B", True)


def test_regular_expressions() -> None:
    pattern = r"Final answer:\s*(?P<answer>\w)"
    text = "A? Final answer: A. No. Final answer: B"
    assert split_reasoning(text, pattern) == ("A? Final answer: A. No. Final answer:", "B", True)
    assert split_reasoning("A? It may", pattern) == ("A? It may", "", False)
    assert split_reasoning("r|a", r"(?P<reasoning>.*)\|(?P<answer>.*)") == ("r", "a", True)


@pytest.mark.parametrize("pattern", ["(", "thnk", "(.*)", ""])
def test_a_pattern_that_is_none(pattern: str) -> None:
    with pytest.raises(InputError, match="pattern"):
        reasoning_pattern(pattern)


def test_open_prompts() -> None:
    think = NAMED["think"]
    assert think.is_open_in("user: x\nassistant: <think>\n")
    assert not think.is_open_in("user: x\nassistant: <think>\n\n</think>\n\n")
    assert not think.is_open_in("user: x")


words = st.text(alphabet="ab </>thinkanswer\n", max_size=40)


@given(reasoning=words, answer=words)
def test_whatever_stands_in_a_closed_block_is_not_the_answer(reasoning: str, answer: str) -> None:
    for part in (reasoning, answer):
        if any(tag in part for tag in ("<think>", "</think>", "<answer>", "</answer>")):
            return
    split = split_reasoning(f"<think>{reasoning}</think>{answer}", "think")
    assert split == (reasoning.strip(), answer.strip(), True)


@given(text=st.text(alphabet="ab <>/think", max_size=80), opened=st.booleans())
def test_never_both_unclosed_and_answered(text: str, opened: bool) -> None:
    split = split_reasoning(text, "think", opened=opened)
    assert split.closed or split.answer == ""
