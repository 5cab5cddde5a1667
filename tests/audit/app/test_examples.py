"""Examples before a question: of other patients, of those that choose, and never of one that is tested."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.app.examples import draw, too_few, with_examples
from audit.app.prompting import Prompted, prompted
from audit.core.item import CLEAN, Item, Request
from audit.core.query import Message, Query, ask
from audit.data.phantoms import phantoms
from probes.shifts.probe import PROBE as SHIFTS


@pytest.fixture(scope="module")
def asked() -> tuple[Request, ...]:
    plan = SHIFTS.plan(phantoms(240, seed=3, size=32), SHIFTS.options({"budget": 4}), np.random.default_rng(0))
    return plan.requests


@pytest.fixture(scope="module")
def made(asked: tuple[Request, ...]) -> Prompted:
    return prompted(SHIFTS, asked, 2, np.random.default_rng(1), shots=3, choosing=np.random.default_rng(2))


def toy(clusters: list[int]) -> list[Request]:
    query = Query(ask("?"))
    return [Request(Item(f"q{n}", f"c{cluster}", query, "A"), query) for n, cluster in enumerate(clusters)]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40), st.integers(1, 5), st.integers(0, 99))
def test_examples_are_of_different_clusters_and_never_of_the_one_asked(
    clusters: list[int], shots: int, seed: int
) -> None:
    requests = toy(clusters)
    giving = frozenset(f"c{n}" for n in clusters if n % 2)
    examples = draw(requests, giving, np.random.default_rng(seed))
    assert examples == draw(requests[::-1], giving, np.random.default_rng(seed))
    for request in requests:
        shown = [one.item.cluster for one in examples.before(request, shots)]
        assert set(shown) <= giving - {request.item.cluster}
        assert len(set(shown)) == len(shown) == min(shots, len(giving - {request.item.cluster}))


def test_those_who_choose_need_one_example_more() -> None:
    assert too_few(frozenset("abcd"), 3) == ""
    assert "choose" not in too_few(frozenset("abc"), 0)
    assert "on 3 clusters, and 3 examples of others need 4" in too_few(frozenset("abc"), 3)


def test_examples_are_turns_before_the_question_with_their_answers() -> None:
    question = ask("asked", system="be brief")
    examples = [(ask("first", system="other"), "B"), (ask("second"), "A")]
    turns = with_examples(question, examples)
    assert [(turn.role, turn.text) for turn in turns] == [
        ("system", "be brief"),
        ("user", "first"),
        ("assistant", "B"),
        ("user", "second"),
        ("assistant", "A"),
        ("user", "asked"),
    ]
    assert with_examples(question, []) == question
    assert isinstance(turns[0], Message)


def test_every_format_is_tried_without_and_with_examples(asked: tuple[Request, ...], made: Prompted) -> None:
    clean = [request for request in asked if request.condition == CLEAN]
    assert len(made.requests) == 4 * len(clean)
    assert [made.shots_of(number) for number in made.numbers] == [0, 0, 3, 3]
    assert [made.name(number) for number in (0, *made.numbers)] == [
        "default",
        "format 1",
        "format 2",
        "format 1, 3 examples",
        "format 2, 3 examples",
    ]
    assert made.format_of(1) == made.format_of(3)
    bare = prompted(SHIFTS, asked, 2, np.random.default_rng(1), choosing=np.random.default_rng(2))
    assert bare.requests == made.requests[: 2 * len(clean)]  # --shots changes nothing of what is asked without
    assert bare.parts == made.parts


def test_no_patient_that_is_tested_is_in_any_prompt_of_another(made: Prompted) -> None:
    assert made.parts is not None
    owner: dict[str, set[str]] = {}
    for request in made.requests:
        for image in request.item.query.images:
            owner.setdefault(image.sha256, set()).add(request.item.cluster)
    seen = 0
    for request in made.requests:
        number = int(request.condition.partition(":")[2])
        *examples, _ = [turn for turn in request.query.messages if turn.role == "user"]
        assert len(examples) == made.shots_of(number)
        shown: list[set[str]] = [owner[i.sha256] for turn in examples for i in Query((turn,)).images]
        for clusters in shown:
            assert clusters <= made.parts.validation
            assert request.item.cluster not in clusters
        seen += len(shown)
    assert seen == 2 * 3 * len(made.requests) // 4


def test_the_examples_of_tested_patients_are_one_draw_and_their_answers_right(made: Prompted) -> None:
    assert made.parts is not None
    right = {(r.condition, r.query.messages[-1]): r.item.target for r in made.requests}
    draws: dict[str, set[tuple[Message, ...]]] = {}
    for request in made.requests:
        turns = request.query.messages[:-1]
        for question, answer in zip(turns[::2], turns[1::2], strict=True):
            assert (question.role, answer.role) == ("user", "assistant")
            assert answer.text == right[request.condition, question]
        if request.item.cluster in made.parts.test:
            draws.setdefault(request.condition, set()).add(turns)
    assert {condition: len(own) for condition, own in draws.items()} == dict.fromkeys(draws, 1)
    assert draws["prompt:3"] != draws["prompt:4"]


def test_too_few_patients_give_no_examples_and_say_so(asked: tuple[Request, ...]) -> None:
    few = {request.item.cluster for request in asked}
    kept = [request for request in asked if request.item.cluster in sorted(few)[:6]]
    made = prompted(SHIFTS, kept, 2, np.random.default_rng(1), shots=3)
    assert (made.shots, "examples of others need 4" in made.lacking) == (0, True)
    assert {request.condition for request in made.requests} == {"prompt:1", "prompt:2"}
    assert all(len(request.query.messages) == len(request.item.query.messages) for request in made.requests)


def test_another_draw_is_another_prompt(made: Prompted) -> None:
    first = next(request for request in made.requests if request.condition == "prompt:3")
    other = replace(first, query=first.query.with_messages(first.query.messages[2:]))
    assert other.query.digest != first.query.digest  # cached under a key of its own
