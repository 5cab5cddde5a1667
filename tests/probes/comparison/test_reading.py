"""How an answer is read: strictly and blind to the target, as published, and by option probabilities."""

from __future__ import annotations

import pytest

from audit.core.answer import Answer
from audit.core.query import Option
from probes.comparison.items import Question
from probes.comparison.reading import judge_likelihood, judge_published, judge_strict

LETTERS = tuple(Option(*pair) for pair in (("A", "Melanoma"), ("B", "Melanocytic nevi"), ("C", "Dermatofibroma")))
TEXTS = tuple(Option(option.text, option.text) for option in LETTERS)
ASKED = Question("q", "melanoma", "q", LETTERS)


@pytest.mark.parametrize(
    ("said", "outcome", "given"),
    [
        ("A", "correct", "melanoma"),
        ("Answer: (a)", "correct", "melanoma"),
        ("The best description is **melanoma**.", "correct", "melanoma"),
        ("melanocytic nevi", "wrong", "melanocytic nevi"),
        ("Melanoma or melanocytic nevi", "unparsed", None),
        ("I cannot help with images", "refused", None),
        ("", "unparsed", None),
    ],
)
def test_strict(said: str, outcome: str, given: str | None) -> None:
    for options in (LETTERS, TEXTS):
        if said in ("A", "Answer: (a)") and options is TEXTS:
            continue
        got = judge_strict(ASKED, options, Answer(said))
        assert (got.outcome, got.given, got.value) == (outcome, given, float(outcome == "correct")), said


@pytest.mark.parametrize("said", ["A", "melanoma or dermatofibroma", "nonsense", "No. Dermatofibroma.", ""])
def test_what_is_read_does_not_depend_on_what_is_right(said: str) -> None:
    read = {
        judge_strict(Question("q", target, "q", LETTERS), LETTERS, Answer(said)).given
        for target in ("melanoma", "melanocytic nevi", "dermatofibroma")
    }
    assert len(read) == 1


def test_the_published_parser_gives_credit_for_naming_everything_and_the_strict_one_does_not() -> None:
    everything = Answer("It could be melanoma, melanocytic nevi or dermatofibroma.")
    assert judge_published(ASKED, TEXTS, everything).value == 1
    assert judge_strict(ASKED, TEXTS, everything).value == 0
    assert judge_published(ASKED, TEXTS, Answer("dermatofibroma")).value == 0
    assert judge_published(ASKED, LETTERS, Answer("Answer: B, though melanoma was considered")).value == 0


@pytest.mark.parametrize("status", ["refused", "unparsed"])
def test_a_status_of_the_file_stands_whatever_the_text(status: str) -> None:
    got = judge_strict(ASKED, LETTERS, Answer("A", status=status))  # type: ignore[arg-type]
    assert (got.outcome, got.value) == (status, 0.0)


def test_a_truncated_answer_is_read_where_it_can_be() -> None:
    assert judge_strict(ASKED, LETTERS, Answer("Melanoma, since", status="truncated")).outcome == "correct"
    assert judge_strict(ASKED, LETTERS, Answer("The image shows", status="truncated")).outcome == "truncated"


def test_option_probabilities_choose_where_there_are_any() -> None:
    got = judge_likelihood(ASKED, LETTERS, Answer("", option_logprobs={"A": -3.0, "B": -0.1}))
    assert got is not None
    assert (got.value, got.given) == (0.0, "melanocytic nevi")
    assert judge_likelihood(ASKED, LETTERS, Answer("A")) is None


def test_yes_and_no_and_open_answers() -> None:
    yes = tuple(Option(word, word) for word in ("yes", "no"))
    asked = Question("q", "yes", "q", yes)
    assert judge_strict(asked, yes, Answer("Yes, there is no effusion")).value == 1
    assert judge_strict(asked, yes, Answer("yes and no")).outcome == "unparsed"
    opened = Question("q", "left lung", "q")
    assert judge_strict(opened, (), Answer("Left lung.")).value == 1
    assert judge_strict(opened, (), Answer("the left lung")).value == 0
    assert judge_published(opened, (), Answer("the left lung")).value == 1
