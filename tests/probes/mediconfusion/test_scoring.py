"""How answers are read, in each of the four ways."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.answer import Answer
from audit.core.item import Request
from probes.mediconfusion.opinions import read_opinion
from probes.mediconfusion.probe import PROBE
from probes.mediconfusion.published import read_letter


def one(kit: ModuleType, condition: str) -> Request:
    return next(request for request in kit.requests(kit.made_pairs(2)) if request.condition == condition)


@pytest.mark.parametrize("text", ["A", "A:", ".A", ".A:", "A.", 'A")', '("A":', '("A")', '("A").', "the answer is A."])
def test_the_nine_published_forms(text: str) -> None:
    assert read_letter(text) == "A"
    assert read_letter(text.replace("A", "B")) == "B"


@pytest.mark.parametrize("text", ["A)", "(A)", "**A**", "a", "", "AB", "A B", "Answer:A", "A: nodule B: none"])
def test_what_the_published_parser_does_not_read(text: str) -> None:
    assert read_letter(text) is None


def test_the_article_is_read_as_published_and_not_strictly(kit: ModuleType) -> None:
    answer = Answer("A mass is seen")
    published, strict = PROBE.judge(one(kit, "clean"), answer)
    assert published.given == "A"
    assert (strict.given, strict.outcome) == (None, "unparsed")


@given(st.text(max_size=200))
def test_published_reading_names_a_or_b_or_nothing(text: str) -> None:
    assert read_letter(text) in ("A", "B", None)


def test_greedy_takes_the_larger_score_and_a_on_ties(kit: ModuleType) -> None:
    request = one(kit, "greedy")
    for scores, letter in (((-1.0, -2.0), "A"), ((-2.0, -1.0), "B"), ((-1.0, -1.0), "A")):
        for judgement in PROBE.judge(request, Answer("?", option_logprobs={"B": scores[1], "A": scores[0]})):
            assert judgement.given == letter


def test_prefix_takes_the_larger_mean_per_token_and_b_on_ties(kit: ModuleType) -> None:
    request = one(kit, "prefix")
    for sums, tokens, letter in (((-6.0, -4.0), (6, 2), "A"), ((-6.0, -4.0), (2, 2), "B"), ((-6.0, -3.0), (4, 2), "B")):
        answer = Answer(option_logprobs={"A": sums[0], "B": sums[1]}, option_tokens={"A": tokens[0], "B": tokens[1]})
        assert {judgement.given for judgement in PROBE.judge(request, answer)} == {letter}


@pytest.mark.parametrize(
    ("opinion", "letter"),
    [
        ("A: 9\nB: 2\nbecause", "A"),
        ("A: 2\nB: 5\n", "B"),
        ("A: 5\nB: 3\nclose", None),
        ("Answer A: 10/10\n**B**: 1/10", "A"),
        ("A: 9", None),
        ("", None),
        ("I think so.", None),
    ],
)
def test_an_opinion_counts_from_three_points_ahead(kit: ModuleType, opinion: str, letter: str | None) -> None:
    assert read_opinion(opinion) == letter
    for judgement in PROBE.judge(one(kit, "free_form"), Answer("It is dark.", opinion=opinion)):
        assert judgement.given == letter


def test_the_judge_sees_both_answers_and_not_which_is_right(kit: ModuleType) -> None:
    pair = kit.made_pairs(1)
    first, second = (r for r in kit.requests(pair) if r.condition == "free_form")
    queries = [PROBE.opinion_query(request, Answer("bright")) for request in (first, second)]
    assert queries[0].digest == queries[1].digest
    assert queries[0].images == ()
    assert all(part in queries[0].text for part in ("What is shown?", *pair[0].options, "bright"))
    assert "options" not in first.query.text.lower()
    assert pair[0].options[0] not in first.query.text


def test_the_prompts_differ_by_the_one_letter_sentence_only(kit: ModuleType) -> None:
    choice, greedy = one(kit, "clean").query, one(kit, "greedy").query
    assert [line for line in choice.text.split("\n") if line not in greedy.text.split("\n")] == [
        "Answer with the option's letter directly, just one letter."
    ]
    assert choice.decoding.max_new_tokens == 32
    assert one(kit, "swapped").query.options[0].text == choice.options[1].text
    assert one(kit, "prefix").query.text == "What is shown?"
