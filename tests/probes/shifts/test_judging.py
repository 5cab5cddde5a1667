"""How answers are read: closed ones by option, open ones by words or by a judge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.answer import Answer
from audit.core.item import Item, Request
from audit.core.query import Option, Query, ask
from probes.shifts.constant import constant_answers
from probes.shifts.judging import judge_published, judge_strict
from probes.shifts.opinions import opinion_query, read_opinion, settled
from probes.shifts.words import listed, normalised, token_f1


def closed(options: tuple[str, ...], target: str, name: str = "q") -> Request:
    plain = options == ("yes", "no")
    made = tuple(Option(text if plain else "ABCD"[i], text) for i, text in enumerate(options))
    tags = {"answer_type": "closed", "answer": target, "question_type": "k"}
    label = next(option.label for option in made if option.text == target)
    query = Query(ask("Which?"), made)
    return Request(Item(name, name, query, label, tags), query)


def opened(*answers: str, multilabel: bool = False) -> Request:
    tags = {"answer_type": "open", "answer": "|".join(answers), "question_type": "k"}
    tags |= {"multilabel": "yes"} if multilabel else {}
    query = Query(ask("Where is it?\nAnswer in a few words."))
    return Request(Item("q", "q", query, ", ".join(answers) if multilabel else answers[0], tags), query)


@pytest.mark.parametrize(
    ("text", "outcome", "given_"),
    [
        ("Yes", "correct", "yes"),
        ("Yes, there is no lung in it.", "correct", "yes"),
        ("no.", "wrong", "no"),
        ("yes and no", "unparsed", None),
        ("perhaps", "unparsed", None),
        ("I cannot help with medical images.", "refused", None),
    ],
)
def test_yes_and_no(text: str, outcome: str, given_: str | None) -> None:
    judged = judge_strict(closed(("yes", "no"), "yes"), Answer(text))
    assert (judged.outcome, judged.given, judged.value) == (outcome, given_, float(outcome == "correct"))


@pytest.mark.parametrize(("text", "outcome"), [("B", "correct"), ("B) MRI", "correct"), ("It is an MRI.", "correct"),
                                               ("A or B", "unparsed"), ("CT", "wrong"), ("", "unparsed")])  # fmt: skip
def test_options_by_letter_or_text(text: str, outcome: str) -> None:
    assert judge_strict(closed(("CT", "MRI"), "MRI"), Answer(text)).outcome == outcome


def test_published_closed_is_by_whole_words() -> None:
    request = closed(("yes", "no"), "yes")
    assert judge_published(request, Answer("Yes it is")).value == 1
    assert judge_published(request, Answer("Yes, no doubt")).outcome == "unparsed"
    assert judge_published(request, Answer("yesterday")).outcome == "unparsed"


def test_open_answers_word_for_word() -> None:
    request = opened("Left lower lobe")
    assert judge_strict(request, Answer("The left lower lobe.")).outcome == "correct"
    assert judge_strict(request, Answer("Answer: left lower lobe")).outcome == "correct"
    assert judge_strict(request, Answer("right lower lobe")).outcome == "wrong"
    assert judge_strict(request, Answer("", "truncated")).outcome == "truncated"
    assert judge_published(request, Answer("right lower lobe")).value == pytest.approx(2 / 3)
    assert judge_strict(opened("3"), Answer("three")).outcome == "correct"


def test_lists_want_all() -> None:
    request = opened("effusion", "edema", multilabel=True)
    assert judge_strict(request, Answer("Edema and effusion")).outcome == "correct"
    assert judge_strict(request, Answer("edema")).outcome == "wrong"
    assert judge_strict(request, Answer("edema", opinion="Rating: 1")).value == 0.5


@pytest.mark.parametrize(
    ("opinion", "outcome", "value"),
    [("Rating: 5", "correct", 1.0), ("Rating: 4", "correct", 0.75), ("3", "wrong", 0.5), ("Rating: 1", "wrong", 0.0),
     ("Rating: 9", "unparsed", 0.0), ("fine", "unparsed", 0.0), ("Rating: 2 or Rating: 4", "unparsed", 0.0)],
)  # fmt: skip
def test_the_judge_is_read(opinion: str, outcome: str, value: float) -> None:
    """One star is worth nothing; a verdict that cannot be read is counted and not dropped."""
    judged = judge_strict(opened("left"), Answer("on that side", opinion=opinion))
    assert (judged.outcome, judged.value) == (outcome, value)


def test_the_judge_is_not_asked_about_what_is_settled() -> None:
    request = opened("left")
    assert settled(request, Answer("Left."))
    assert not settled(request, Answer("on the left"))
    assert judge_strict(request, Answer("Left.", opinion="Rating: 1")).value == 1
    text = opinion_query(request, Answer("x" * 9000)).text
    assert "Right answer: left" in text
    assert len(text) < 6000
    assert not opinion_query(request, Answer("x")).images


@given(st.text(max_size=300), st.booleans())
def test_any_opinion_is_a_value_or_none(text: str, multilabel: bool) -> None:
    value = read_opinion(text, multilabel=multilabel)
    assert value is None or 0 <= value <= 1


@given(st.text(max_size=80), st.text(max_size=80))
def test_token_f1(one: str, other: str) -> None:
    assert 0 <= token_f1(one, other) <= 1
    assert token_f1(one, other) == token_f1(other, one)
    assert token_f1(one, one) == 1
    assert normalised(normalised(one)) == normalised(one)


def test_lists_in_words() -> None:
    assert listed("Edema, effusion and none") == {"edema", "effusion"}


def test_constant_says_the_most_frequent_offered_answer() -> None:
    rows = [closed(("CT", "MRI"), "MRI", "a"), closed(("MRI", "CT"), "MRI", "b"), closed(("CT", "US"), "CT", "c")]
    assert [answer.text for answer in constant_answers(rows)] == ["B", "A", "A"]
