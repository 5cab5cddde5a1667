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
    assert sum(len(frame.entries) for frame in gallery.frames) == MAX_ENTRIES
    assert gallery.count == "120 of 800 items that the model did not get right."


def test_model_comes_before_base(make_digest) -> None:
    (gallery,) = galleries(make_digest())
    assert [one.who for one in gallery.frames[0].entries[0].said] == ["Model", "Base model"]
    assert gallery.frames[0].entries[0].summary == "model A (wrong); base model D (right)"


def test_long_answers_are_cut_with_a_note(make_digest) -> None:
    said = galleries(make_digest())[0].frames[3].entries[0].said[0]
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
    frame = galleries(digest)[0].frames[0]
    assert frame.pictures == ()
    assert frame.entries[0].lost == 1


def test_no_picture_is_held_twice(make_digest) -> None:
    frames = galleries(make_digest())[0].frames
    assert [len(frame.entries) for frame in frames] == [2, 2, 1, 1, 1, 1]
    assert len({frame.pictures for frame in frames}) == len(frames)


def test_options_that_the_question_lists_are_not_said_twice(make_digest) -> None:
    digest = copy.deepcopy(make_digest())
    assert galleries(digest)[0].frames[0].entries[0].options == ()
    digest["gallery"][0]["question"] = "Which?"
    assert len(galleries(digest)[0].frames[0].entries[0].options) == 5
