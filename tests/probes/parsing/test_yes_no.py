"""Reading yes and no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.parsing.yes_no import read_yes_no


@given(
    st.sampled_from(["yes", "no"]),
    st.sampled_from(["{}", "{}.", "**{}**", "Answer: {}", "The answer is {}.", "{}, because", "{} - it is"]),
)
def test_an_answer_reads_back_in_any_case(word: str, frame: str) -> None:
    for change in (str, str.upper, str.title):
        assert read_yes_no(frame.format(change(word))).given == word


@pytest.mark.parametrize(
    ("text", "given", "problem"),
    [
        ("Yes, there is no lung in it.", "yes", None),
        ("No. On second thoughts: yes.", None, "several_named"),
        ("Yes. No.", None, "several_named"),
        ("yes and no", None, "several_named"),
        ("Yes/No", None, "several_named"),
        ("The red box is not the outlier.", "no", None),
        ("The boxed scan is the clinical outlier", "yes", None),
        ("There is no difference that I know of", None, "none_named"),
        ("nothing", None, "none_named"),
        ("yesterday's normal scan", None, "none_named"),
        ("I cannot see an image.", None, "refused"),
        ("", None, "none_named"),
    ],
)  # fmt: skip
def test_readings(text: str, given: str | None, problem: str | None) -> None:
    assert (read_yes_no(text).given, read_yes_no(text).problem) == (given, problem)
