"""Answers that changed with the picture alone: which requests count, which are shown first, and their pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from audit.app.changes import MOST, changes_of
from audit.app.planning import Planned
from audit.app.replies import Replies
from audit.core.answer import Answer
from audit.core.image import Image
from audit.core.item import CLEAN, Item, Request
from audit.core.observation import ModelRole, Observation
from audit.core.query import Option, Query, ask
from reports.schema import ChangesPart

YES_NO = (Option("yes", "yes"), Option("no", "no"))
CONDITIONS = (CLEAN, "corruption:fog:1", "corruption:fog:3", "corruption:rain:3", "blind", "shuffled", "reworded")


def image(value: int) -> Image:
    return Image.of(np.full((4, 4), value, np.uint8))


def requests(names: str) -> tuple[Request, ...]:
    made = []
    for place, name in enumerate(names):
        clean = Query(ask(image(place), "Is it there?"), YES_NO)
        item = Item(name, name, clean, "yes", {"modality": "X-ray"})
        for step, condition in enumerate(CONDITIONS):
            query = Query(ask(image(30 + 7 * place + step), "Is it there?"), YES_NO)
            if condition == "reworded":
                query = Query(ask(image(place), "Do you see it?"), YES_NO)
            made.append(Request(item, clean if condition == CLEAN else query, condition))
    return tuple(made)


def told(
    names: str, said: Mapping[tuple[str, str], str], pictures: dict[str, bytes] | None = None, base: str = "yes"
) -> ChangesPart | None:
    """What is told where the model says yes, but for `said` by (item, condition); the base says one thing always."""
    asked = requests(names)
    entry = Planned("toy", "Toy", "planned", requests=asked, controls=frozenset({"blind", "shuffled"}))
    replies, rows = [], []
    roles: tuple[ModelRole, ...] = ("model", "base")
    for role in roles:
        texts = [base if role == "base" else said.get((r.item.id, r.condition), "yes") for r in asked]
        replies.append(Replies(role, "toy", asked, tuple(Answer(text) for text in texts)))
        for request, text in zip(asked, texts, strict=True):
            outcome = "error" if text == "" else "correct" if text == "yes" else "wrong"
            rows.append(
                Observation("toy", request.item.id, request.item.id, role, "strict", outcome,  # type: ignore[arg-type]
                            None, text or None, "yes", request.condition)
            )  # fmt: skip
    return changes_of(entry, replies, rows, pictures)


def test_only_what_differs_in_its_picture_alone_counts() -> None:
    found = told("ab", {("a", name): "no" for name in CONDITIONS[1:]})
    assert found is not None
    assert (found["n_asked"], found["n_changed"]) == (6, 3)
    assert [(one["item"], one["condition"]) for one in found["shown"]] == [
        ("a", "corruption:fog:1"),
        ("a", "corruption:rain:3"),
    ]


def test_each_is_shown_at_its_first_step_and_lost_answers_come_first() -> None:
    said = {("a", CLEAN): "no", ("b", "corruption:fog:3"): "no"}
    found = told("ab", said)
    assert found is not None
    assert [(one["item"], one["condition"]) for one in found["shown"]] == [
        ("b", "corruption:fog:3"),
        ("a", "corruption:rain:3"),
        ("a", "corruption:fog:1"),
    ]
    answers = found["shown"][0]["answers"]
    assert (answers["model"]["before"]["outcome"], answers["model"]["after"]["outcome"]) == ("correct", "wrong")
    assert answers["base"]["after"]["text"] == "yes"


def test_pictures_are_kept_once_or_kept_out() -> None:
    said = {("a", "corruption:fog:1"): "no", ("a", "corruption:rain:3"): "no"}
    pictures: dict[str, bytes] = {}
    found = told("a", said, pictures)
    assert found is not None
    assert len(pictures) == 3
    assert {key for one in found["shown"] for key in (*one["before"], *one["after"])} == set(pictures)
    without = told("a", said)
    assert without is not None
    assert all(one["before"] == one["after"] == [] for one in without["shown"])


def test_answers_that_are_missing_are_no_change() -> None:
    found = told("a", {("a", "corruption:fog:1"): ""})
    assert found is not None
    assert (found["n_asked"], found["n_changed"]) == (2, 0)


@pytest.mark.parametrize("names", ["abcdefghijklmnopqrstuvwxyz"])
def test_there_are_only_so_many(names: str) -> None:
    found = told(names, {(name, "corruption:fog:1"): "no" for name in names})
    assert found is not None
    assert (found["n_changed"], len(found["shown"])) == (26, MOST)


def test_nothing_is_told_where_no_picture_was_changed() -> None:
    entry = Planned("toy", "Toy", "planned", requests=requests("a")[:1])
    assert changes_of(entry, [], [], {}) is None
