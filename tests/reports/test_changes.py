"""Answers that changed with the picture: side by side, checked, told in words."""

from __future__ import annotations

import copy

import pytest

from reports.changes import changes, meant, shift
from reports.digest import change_entry, reply
from reports.html import render

OPTIONS = [("A", "PA"), ("B", "AP")]


def part(**how):
    said = {
        "model": {"before": reply("B", reading="B", outcome="correct"),
                  "after": reply("A <b>", reading="A", outcome="wrong")},
        "base": {"before": reply("B", reading="B", outcome="correct"),
                 "after": reply("B", reading="B", outcome="correct")},
    }  # fmt: skip
    settings = {"item": "film-7/view", "condition": "corruption:ct_window:3", "before": ["grid0"], "after": ["grid1"],
                "question": "Which view is this?\nA) PA\nB) AP", "gold": "B", "answers": said,
                "options": OPTIONS}  # fmt: skip
    return change_entry(**{**settings, **how})


@pytest.fixture
def digest(make_digest):
    made = copy.deepcopy(make_digest())
    made["changes"] = [{"probe": "medobvious", "n_asked": 216, "n_changed": 13, "shown": [part()]}]
    return made


def test_both_pictures_both_answers_and_the_right_one(digest) -> None:
    (found,) = changes(digest)
    (change,) = found.shown
    assert found.count.startswith("The model's answer changed in 13 of 216 questions")
    assert (change.heading, change.gold, change.shift) == ("Which view is this?", "B: AP", "ct window, severity 3")
    assert change.before + change.after == (digest["images"]["grid0"], digest["images"]["grid1"])
    model, base = change.both
    assert (model.meant_before, model.meant_after, model.changed) == ("B: AP", "A: PA", True)
    assert (base.who, base.changed) == ("Base model", False)


def test_the_page_shows_them(digest) -> None:
    page = render(digest)
    assert 'href="#changes"' in page
    assert page.count('class="entry change"') == 1
    assert 'alt="ct window, severity 3, picture 1 of 1 of item film-7/view"' in page
    assert "A &lt;b&gt;" in page


def test_without_pictures_the_words_stay(digest) -> None:
    digest["changes"][0]["shown"] = [part(before=[], after=[])]
    digest["images"] = {}
    page = render(digest)
    assert "Pictures were kept out of this report." in page
    assert 'class="pictures pair"' not in page
    assert "Which view is this?" in page


def test_only_checked_pictures_are_shown(digest) -> None:
    digest["images"]["grid1"] = "https://example.org/x.png"
    change = changes(digest)[0].shown[0]
    assert (change.after, change.lost) == ((), 1)


def test_none_changed_is_said(digest) -> None:
    digest["changes"] = [{"probe": "medobvious", "n_asked": 12, "n_changed": 0, "shown": []}]
    assert "changed in none of 12 questions" in render(digest)


def test_digests_of_before_have_none(make_digest) -> None:
    made = copy.deepcopy(make_digest())
    made.pop("changes", None)
    assert changes(made) == []
    assert 'id="changes"' not in render(made)


@pytest.mark.parametrize(
    ("condition", "words"),
    [("corruption:jpeg:5", "jpeg, severity 5"), ("foggy", "foggy"), ("mask:left", "left"), ("a:b:c", "b:c")],
)
def test_conditions_in_words(condition: str, words: str) -> None:
    assert shift(condition) == words


def test_letters_are_told_with_what_they_stand_for() -> None:
    options = [{"label": "A", "text": "PA"}, {"label": "yes", "text": "yes"}]
    assert [meant(text, options) for text in ("A", "yes", "nothing")] == ["A: PA", "yes", "nothing"]
