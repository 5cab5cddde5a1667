"""Questions in other formats: the same question, lettered options, and answers in the terms of the first prompt."""

from __future__ import annotations

import numpy as np
import pytest

from audit.app.prompting import by_prompt, observe_prompted, prompted
from audit.app.replies import Replies
from audit.core.answer import Answer
from audit.core.item import CLEAN, Item, Request
from audit.core.probe import PutsOptions
from audit.core.query import Option, Query, ask
from audit.data.phantoms import phantoms
from probes.mediconfusion.probe import PROBE as MEDICONFUSION
from probes.medobvious.probe import PROBE as MEDOBVIOUS
from probes.shifts.probe import PROBE as SHIFTS


@pytest.fixture(scope="module")
def asked() -> tuple[Request, ...]:
    plan = SHIFTS.plan(phantoms(240, seed=3, size=32), SHIFTS.options({"budget": 4}), np.random.default_rng(0))
    return plan.requests


def test_every_closed_clean_question_is_put_in_every_format(asked: tuple[Request, ...]) -> None:
    made = prompted(SHIFTS, asked, 3, np.random.default_rng(1))
    clean = [request for request in asked if request.condition == CLEAN]
    assert len(made.requests) == 3 * len(clean)
    assert len({request.place for request in made.requests}) == len(made.requests)
    assert {request.condition for request in made.requests} == {"prompt:1", "prompt:2", "prompt:3"}
    for request in made.requests:
        first = request.item.query
        assert request.query.images == first.images
        assert [option.label for option in request.query.options] == list("ABCD")[: len(first.options)]
        question = first.text.partition("\n")[0]
        assert question in request.query.text
        assert "Answer with the letter of one option.\n" in request.query.text
        right = next(option.text for option in request.query.options if option.label == request.item.target)
        assert right in request.query.text


def test_nothing_is_asked_where_it_was_not_wanted_or_cannot_be(asked: tuple[Request, ...]) -> None:
    assert prompted(SHIFTS, asked, 0, np.random.default_rng(1)).requests == ()
    assert not isinstance(MEDOBVIOUS, PutsOptions)
    assert prompted(MEDOBVIOUS, asked, 3, np.random.default_rng(1)).requests == ()


def test_the_question_of_multiple_choice_is_found_in_its_prompt() -> None:
    options = MEDICONFUSION.options({"n_pairs": 6})
    plan = MEDICONFUSION.plan(phantoms(240, seed=3, size=32), options, np.random.default_rng(0))
    for request in plan.requests:
        bare = MEDICONFUSION.bare_question(request)
        if request.condition in (CLEAN, "swapped", "greedy", "greedy+swapped"):
            assert bare is not None
            assert f"Question: {bare}\nA: " in request.query.text
        else:
            assert bare is None
    assert prompted(MEDICONFUSION, plan.requests, 2, np.random.default_rng(1)).requests


def test_answers_come_back_in_the_labels_of_the_first_prompt(asked: tuple[Request, ...]) -> None:
    made = prompted(SHIFTS, asked, 2, np.random.default_rng(1)).requests
    clean = tuple(request for request in asked if request.condition == CLEAN)
    answers = tuple(Answer(request.item.target) for request in made)
    replies = [Replies("model", "shifts", clean, (), prompted=Replies("model", "shifts", made, answers))]
    rows = observe_prompted(SHIFTS, replies)
    found = by_prompt(made, (), rows)["model"]
    assert set(found) == {0, 1, 2}
    targets = {request.item.id: request.item.target for request in clean}
    for number in (1, 2):
        assert {row.item: row.given for row in found[number]} == targets
        assert all(row.value == 1 and row.target == row.given and row.condition == CLEAN for row in found[number])


@pytest.mark.parametrize("said", ["B", "(B) no", "<B>", "<B> no", "no", "**B**"])
def test_yes_and_no_are_lettered_and_come_back_as_words(said: str) -> None:
    query = Query(ask("Is there an effusion?\nAnswer with yes or no."), (Option("yes", "yes"), Option("no", "no")))
    item = Item("q", "c", query, "no", {"answer_type": "closed"})
    made = prompted(SHIFTS, [Request(item, query)], 1, np.random.default_rng(0)).requests
    assert [option.label for option in made[0].query.options] == ["A", "B"]
    assert "Is there an effusion?" in made[0].query.text
    assert "Answer with yes" not in made[0].query.text
    replies = [Replies("model", "shifts", (), (), prompted=Replies("model", "shifts", made, (Answer(said),)))]
    (row,) = by_prompt(made, (), observe_prompted(SHIFTS, replies))["model"][1]
    assert (row.given, row.target, row.value) == ("no", "no", 1.0)
