from __future__ import annotations

import math
from dataclasses import replace

import pytest

from audit.core.answer import Answer
from audit.core.item import CLEAN, Request
from audit.core.probe import Plan
from audit.core.query import Option
from probes.spurious.conditions import crop_condition
from probes.spurious.judging import SCORES, judge, scores

OPTIONS = (Option("A", "sound"), Option("B", "ill"), Option("C", "odd"))


@pytest.fixture
def request_(plan: Plan) -> Request:
    return plan.requests[0]


def logprobs(a: float, b: float, c: float) -> Answer:
    return Answer("", option_logprobs={"A": math.log(a), "B": math.log(b), "C": math.log(c)})


def test_the_likeliest_option_is_the_answer(request_: Request) -> None:
    target = request_.item.target
    (right,) = judge(request_, Answer("", option_logprobs={target: -0.1, "z": -3.0}))
    assert (right.outcome, right.value, right.given) == ("correct", 1.0, target)
    other = next(label for label in "ABC" if label != target)
    (wrong,) = judge(request_, Answer("", option_logprobs={other: -0.1, target: -3.0}))
    assert (wrong.outcome, wrong.value, wrong.given) == ("wrong", 0.0, other)


def test_words_are_read_where_there_are_no_probabilities(request_: Request) -> None:
    (judged,) = judge(request_, Answer(f"The answer is {request_.item.target}."))
    assert judged.outcome == "correct"
    (unread,) = judge(request_, Answer("Either A or B."))
    assert (unread.outcome, unread.value, unread.given) == ("unparsed", 0.0, None)
    (refused,) = judge(request_, Answer("", "refused"))
    assert refused.outcome == "refused"
    (cut,) = judge(request_, Answer("I think that", "truncated"))
    assert cut.outcome == "truncated"


def test_a_region_says_how_far_it_speaks_for_each_class(request_: Request) -> None:
    crop = replace(request_, condition=crop_condition(0))
    (judged,) = judge(crop, logprobs(0.2, 0.5, 0.3))
    assert [float(score) for score in judged.tags[SCORES].split()] == pytest.approx([0.2, 0.5, 0.3])
    (clean,) = judge(replace(request_, condition=CLEAN), logprobs(0.2, 0.5, 0.3))
    assert SCORES not in clean.tags


def test_scores_sum_to_one_and_what_is_missing_is_no_evidence() -> None:
    assert sum(scores(logprobs(1e-9, 0.5, 0.1), OPTIONS, "B")) == pytest.approx(1.0)
    partial = Answer("", option_logprobs={"A": -1.0, "B": -1.0})
    assert scores(partial, OPTIONS, "A") == pytest.approx([0.5, 0.5, 0.0])
    assert scores(Answer("B"), OPTIONS, "B") == [0.0, 1.0, 0.0]
    assert scores(Answer("?"), OPTIONS, None) == [0.0, 0.0, 0.0]
