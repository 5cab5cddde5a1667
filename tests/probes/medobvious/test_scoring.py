"""Each listed flaw of the published parser: where the two scorings differ, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.answer import Answer
from audit.core.item import Item, Request
from audit.core.query import Query
from probes.medobvious.formats import FORMATS, options_for
from probes.medobvious.probe import PROBE
from probes.medobvious.published import read_candidate, read_letter
from probes.medobvious.strict import read
from probes.parsing.positions import position_names


def request(kind: str, n: int, target: str, **tags: str) -> Request:
    options = options_for(kind, n)  # type: ignore[arg-type]
    query = Query((), options)
    item = Item("i", "c", query, target, {"format": kind, "grid": f"{n}x{n}", "polarity": "positive", **tags})
    return Request(item, query)


def both(asked: Request, answer: str | Answer) -> dict[str, tuple[float | None, str, str | None]]:
    given = Answer(text=answer) if isinstance(answer, str) else answer
    return {j.scoring: (j.value, j.outcome, j.given) for j in PROBE.judge(asked, given)}


@pytest.mark.parametrize("letter", "FGHI")
def test_letters_beyond_e_are_never_read_by_the_published_parser(letter: str) -> None:
    judged = both(request("detection_mcq", 3, letter), letter)
    assert judged["published"][0] == 0
    assert judged["strict"] == (1, "correct", letter)


@pytest.mark.parametrize("text", ["J", "None", "NONE - all images are the same", "no outlier"])
def test_none_in_nine_panels_is_unscorable_as_published(text: str) -> None:
    judged = both(request("detection_mcq", 3, "J"), text)
    assert judged["published"][0] == 0
    assert judged["strict"][0] == 1


def test_the_word_none_is_middle_center_as_published() -> None:
    judged = both(request("detection_mcq", 3, "E"), "NONE")
    assert judged["published"] == (1, "correct", "E")
    assert judged["strict"] == (0, "wrong", "J")


@pytest.mark.parametrize(("n", "target"), [(2, "middle"), (2, "top-right"), (3, "bottom-center"), (2, "none")])
def test_naming_everything_passes_as_published(n: int, target: str) -> None:
    if target == "middle":
        target = position_names(n)[0]
    judged = both(request("detection_open", n, target), ", ".join((*position_names(n), "none")))
    assert judged["published"] == (1, "correct", target)
    assert judged["strict"] == (0, "unparsed", None)


def test_center_is_middle_center_only_when_read_strictly() -> None:
    judged = both(request("referring_open", 3, "middle-center"), "The center image.")
    assert judged["published"] == (0, "wrong", "center")
    assert judged["strict"] == (1, "correct", "middle-center")


@pytest.mark.parametrize("text", ["no outlier", "They are all the same"])
def test_words_for_none_are_none_only_when_read_strictly(text: str) -> None:
    judged = both(request("detection_open", 2, "none"), text)
    assert judged["published"][0] == 0
    assert judged["strict"] == (1, "correct", "none")


def test_the_article_is_an_answer_as_published() -> None:
    judged = both(request("detection_mcq", 2, "A"), "This is a chest radiograph.")
    assert judged["published"] == (1, "correct", "A")
    assert judged["strict"] == (0, "unparsed", None)
    assert both(request("detection_mcq", 3, "I"), "I see nine scans.")["strict"] == (0, "unparsed", None)


def test_a_label_is_read_as_its_first_letter_among_a_to_e_as_published() -> None:
    judged = both(request("referring_mcq", 2, "C"), "bottom-left")
    assert judged["published"] == (0, "wrong", "B")
    assert judged["strict"] == (1, "correct", "C")


def test_the_published_parser_itself() -> None:
    assert read_letter("The answer is (d).") == "D"
    assert read_letter("xyz") is None
    assert read_candidate("In the Top-Left corner", "bottom-right") == "top-left"
    assert read_candidate("nothing", "top-left") is None


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(text="A", status="refused"), "refused"),
        (Answer(text="I cannot help with that."), "refused"),
        (Answer(text="", status="truncated"), "truncated"),
        (Answer(text="A or B or", status="truncated"), "truncated"),
        (Answer(text="B, because the scan shows", status="truncated"), "correct"),
        (Answer(text="?"), "unparsed"),
        (Answer(text="C"), "wrong"),
    ],
)
def test_outcomes_of_strict_scoring(answer: Answer, outcome: str) -> None:
    judged = both(request("detection_mcq", 2, "B"), answer)
    assert judged["strict"][1] == outcome
    assert judged["strict"][0] == float(outcome == "correct")
    assert judged["published"][0] in (0, 1), "published scoring leaves nothing out"


def test_a_choice_is_taken_as_it_is() -> None:
    answer = Answer(option_logprobs={"A": -3.0, "I": -0.1}, text="E")
    judged = both(request("detection_mcq", 3, "I"), answer)
    assert judged["published"][0] == judged["strict"][0] == 1


def test_either_of_two_equal_panels_is_right() -> None:
    asked = request("detection_mcq", 2, "B", also_right="D")
    assert [both(asked, letter)["strict"][0] for letter in "ABCD"] == [0, 1, 0, 1]


@given(st.text(max_size=80), st.sampled_from(FORMATS), st.sampled_from([2, 3]), st.data())
def test_a_reading_never_depends_on_the_target(text: str, kind: str, n: int, data: st.DataObject) -> None:
    labels = [option.label for option in options_for(kind, n)]  # type: ignore[arg-type]
    one, other = data.draw(st.sampled_from(labels)), data.draw(st.sampled_from(labels))
    assert read(request(kind, n, one), Answer(text=text)) == read(request(kind, n, other), Answer(text=text))


@given(st.sampled_from(FORMATS), st.sampled_from([2, 3, 4, 5]), st.data())
def test_every_right_answer_is_read_as_right(kind: str, n: int, data: st.DataObject) -> None:
    target = data.draw(st.sampled_from([option.label for option in options_for(kind, n)]))  # type: ignore[arg-type]
    assert both(request(kind, n, target), target)["strict"] == (1, "correct", target)
