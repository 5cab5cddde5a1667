"""Reading option letters and labels: what must always hold, and the ways in which models dress an answer."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.query import Option
from probes.parsing.options import none_option, read_option
from probes.parsing.positions import named_positions, position_names

NONE_TEXT = "None - all images are the same"


def options(n: int) -> tuple[Option, ...]:
    texts = (*position_names(n), NONE_TEXT)
    return tuple(Option(letter, text) for letter, text in zip(string.ascii_uppercase, texts, strict=False))


def positions(n: int):
    names = position_names(n)
    return lambda text: [string.ascii_uppercase[names.index(name)] for name in named_positions(text, n)]


def read(text: str, n: int = 2):
    return read_option(text, options(n), positions(n))


DRESSES = (
    "{}", "{})", "({})", "[{}]", "{}.", "{}:", " {} \n", "**{}**", "**{})**", "`{}`", "Answer: {}", "The answer is {}.",
    "Final answer: **{}**", "Option {}", "The correct option is ({}).", "\\boxed{{{}}}", "$\\boxed{{\\text{{{}}}}}$",
    "<b>{}</b>", "\u200b{}", "# {}", '"{}"', "My choice is {}", "{}\n\nThe top-left and top-right scans are CT.",
)  # fmt: skip


@given(st.sampled_from(DRESSES), st.sampled_from([2, 3]), st.data())
def test_any_decoration_of_a_letter_reads_back(dress: str, n: int, data: st.DataObject) -> None:
    offered = options(n)
    label = data.draw(st.sampled_from([option.label for option in offered]))
    assert read(dress.format(label), n).given == label


@given(st.sampled_from(DRESSES), st.sampled_from([2, 3]), st.data())
def test_the_letter_with_its_own_label_reads_back(dress: str, n: int, data: st.DataObject) -> None:
    option = data.draw(st.sampled_from(options(n)))
    assert read(dress.format(f"{option.label}) {option.text}"), n).given == option.label


@given(st.sampled_from([2, 3]), st.data())
def test_a_full_label_reads_back_in_any_case(n: int, data: st.DataObject) -> None:
    option = data.draw(st.sampled_from(options(n)))
    change = data.draw(st.sampled_from([str, str.upper, str.title, lambda text: text.replace("-", " ")]))
    assert read(change(option.text), n).given == option.label


@given(st.text(max_size=200))
def test_a_reading_names_an_option_or_says_why_not(text: str) -> None:
    reading = read(text, 3)
    assert (reading.given is None) != (reading.problem is None)
    assert reading.given is None or reading.given in {option.label for option in options(3)}


@given(st.text(max_size=100), st.sets(st.sampled_from("ABCDE"), min_size=2))
def test_several_letters_are_never_one(text: str, labels: set[str]) -> None:
    assert read(", ".join(sorted(labels))).problem == "several_named"


@pytest.mark.parametrize(
    "text",
    ["A chest radiograph is shown.", "a CT scan", "I think so", "As I see it, a scan differs", "I am not sure.",
     "hepatitis B",
     "The B-lines are seen", "X-ray", "F", "Answer: G", "", "   ", "???", "An MRI with type B changes", "a. m. a"],
)  # fmt: skip
def test_articles_pronouns_and_names_match_no_letter(text: str) -> None:
    assert read(text).given is None
    assert read(text).problem == "none_named"


@pytest.mark.parametrize("text", ["I believe that the scan differs", "I cannot tell", "What I see is a CT"])
def test_the_pronoun_is_no_letter_where_nine_are_offered(text: str) -> None:
    assert read(text, 3).given is None


@pytest.mark.parametrize(
    "text",
    ["none", "NONE", "No outlier.", "There is no outlier", "all the same", "All images are the same",
     "They are all identical",
     "No anomaly", "None of the images", "No image stands out", "All four scans show the same type",
     "nothing stands out"],
)  # fmt: skip
@pytest.mark.parametrize(("n", "label"), [(2, "E"), (3, "J")])
def test_words_for_nothing_name_the_none_option(text: str, n: int, label: str) -> None:
    assert read(text, n).given == label


@pytest.mark.parametrize(
    "text", ["not all the same", "The others are all the same", "none of the others", "all other scans match"]
)
def test_words_about_the_others_do_not(text: str) -> None:
    assert read(text).given is None


@pytest.mark.parametrize(
    "text",
    ["A or B", "A and B", "(A) (B)", "A/B", "top-left and B", "A) bottom-right", "A, none", "Answer: A. Answer: B",
     "A\nB"],
)  # fmt: skip
def test_two_options_are_several(text: str) -> None:
    assert read(text).given is None


def test_what_is_announced_goes_before_what_is_mentioned() -> None:
    assert read("A, B and C are CT scans. The answer is D.").given == "D"
    assert read("Answer: B. The scans at A, C and D agree.").given == "B"
    assert read("Let me compare A with C.\n\nB").given == "B"
    assert read("Not A but B").given == "B"
    assert read("I\n\nThe top-left and top-right scans are CT.", 3).given == "I"


def test_a_refusal_is_told_from_an_answer() -> None:
    assert read("I'm sorry, but I can't help with that.").problem == "refused"
    assert read("No image was provided.").problem == "refused"
    assert read("I'm sorry for the delay: B").given == "B"


def test_yes_no_options_and_texts_within_texts() -> None:
    offered = (Option("A", "left lung"), Option("B", "left"))
    assert read_option("left lung", offered).given == "A"
    assert read_option("left", offered).given == "B"
    assert read_option("left lung, left", offered).problem == "several_named"
    assert none_option(offered) is None
    assert none_option(options(2)) == "E"
