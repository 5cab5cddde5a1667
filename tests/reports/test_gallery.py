"""The gallery of failed items."""

from __future__ import annotations

import copy

import pytest

from reports.gallery import MAX_ENTRIES, MAX_SPOKEN, galleries


def test_counts_say_how_many_there_are(make_digest) -> None:
    (gallery,) = galleries(make_digest())
    assert gallery.count == "8 of 331 items that the model did not get right."


def test_it_is_capped(make_digest) -> None:
    digest = copy.deepcopy(make_digest())
    digest["gallery"] *= 100
    digest["probes"][0]["n_failed"] = None
    (gallery,) = galleries(digest)
    assert len(gallery.entries) == MAX_ENTRIES
    assert gallery.count == "120 of 800 items that the model did not get right."


def test_model_comes_before_base(make_digest) -> None:
    (gallery,) = galleries(make_digest())
    assert [one.who for one in gallery.entries[0].said] == ["Model", "Base model"]
    assert gallery.entries[0].summary == "model A (wrong); base model D (right)"


def test_long_answers_are_cut_with_a_note(make_digest) -> None:
    said = galleries(make_digest())[0].entries[3].said[0]
    assert len(said.text) == MAX_SPOKEN
    assert said.note == "Cut here: 1,000,000 characters in all."
    assert said.reading == "nothing"


@pytest.mark.parametrize(
    "picture",
    [
        "javascript:alert(1)",
        "https://example.org/x.png",
        "data:image/svg+xml;base64,PHN2Zy8+",
        'data:image/png;base64,AAAA" onerror="alert(1)',
        "data:image/png;base64,AAAA\n",
        "data:text/html;base64,AAAA",
    ],
)
def test_only_checked_pictures_are_shown(make_digest, picture: str) -> None:
    digest = copy.deepcopy(make_digest())
    digest["images"]["grid0"] = picture
    entry = galleries(digest)[0].entries[0]
    assert entry.pictures == ()
    assert entry.lost == 1


def test_options_that_the_question_lists_are_not_said_twice(make_digest) -> None:
    digest = copy.deepcopy(make_digest())
    assert galleries(digest)[0].entries[0].options == ()
    digest["gallery"][0]["question"] = "Which?"
    assert len(galleries(digest)[0].entries[0].options) == 5
