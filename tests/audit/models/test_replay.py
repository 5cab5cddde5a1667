"""Replay: rows found by place, what is missing named, and nothing invented."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.item import Item, Request
from audit.core.model import is_lookup
from audit.core.query import Option, Query, ask
from audit.data.answers import AnswerRow
from audit.models.reasoning import reasoning_pattern
from audit.models.replay import match, to_answer
from audit.models.table import open_model

AB = (Option("A", "cat"), Option("B", "dog"))


def request(id: str, condition: str = "clean", sample: int = 0, how: str = "choose") -> Request:
    query = Query(ask(f"Which is {id}?"), AB, how=how, sample=sample)
    return Request(Item(id, id, query, "A"), query, condition)


def written(path: Path, *rows: dict) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return f"replay:{path}"


def test_it_is_a_lookup_and_no_model(tmp_path: Path) -> None:
    model = open_model(
        written(tmp_path / "a.jsonl", {"id": "1", "answer": "A"}, {"id": "1", "answer": "B", "condition": "blind"})
    )
    assert is_lookup(model)
    assert model.conditions() == {"clean", "blind"}
    assert model.capabilities == {"generate", "choose"}
    asked = [request("1"), request("1", "blind"), request("1", "noise"), request("2"), request("1", sample=1)]
    assert [answer and answer.text for answer in model.look_up(asked)] == ["A", "B", None, None, None]


def test_log_probabilities_make_likelihood_possible(tmp_path: Path) -> None:
    model = open_model(
        written(tmp_path / "a.jsonl", {"id": "1", "answer": "", "option_logprobs": {"A": -1.0, "B": -2.0}})
    )
    assert "likelihood" in model.capabilities
    (sums,) = model.look_up([request("1", how="likelihood")])
    assert sums.option_logprobs == {"A": -1.0, "B": -2.0}
    (shares,) = model.look_up([request("1")])
    assert sum(np.exp(list(shares.option_logprobs.values()))) == pytest.approx(1.0)
    assert shares.option_logprobs["A"] - shares.option_logprobs["B"] == pytest.approx(1.0)


def test_match_names_what_is_missing_and_what_matches_nothing() -> None:
    rows = [
        AnswerRow("1", "A"),
        AnswerRow("9", "A"),
        AnswerRow("9", "B", sample=1),
        AnswerRow("2", "A", condition="other"),
    ]
    found = match([request("1"), request("2"), request("3"), request("3", "blind")], rows)
    assert [answer is not None for answer in found.answers] == [True, False, False, False]
    assert found.missing_ids == ("2", "3")
    assert found.unmatched_ids == ("9", "2")
    assert found.lacking == ("blind",)


def test_notes_say_what_does_not_fit() -> None:
    query = request("1").query
    assert "key_differs" in to_answer(AnswerRow("1", "A", key="0" * 64), query).notes
    assert "key_differs" not in to_answer(AnswerRow("1", "A", key=query.digest), query).notes
    assert "options_differ" in to_answer(AnswerRow("1", "A", options={"A": "dog", "B": "cat"}), query).notes
    assert "options_differ" not in to_answer(AnswerRow("1", "A", options={"A": "cat", "B": "dog"}), query).notes
    strange = to_answer(AnswerRow("1", "A", option_logprobs={"A": -0.5, "Z": -0.1}), query)
    assert (strange.notes, dict(strange.option_logprobs)) == (("unknown_labels",), {"A": 0.0})
    assert to_answer(AnswerRow("1", "A"), query).notes == ("logprobs_missing",)


def test_statuses_and_reasoning() -> None:
    query = request("1", how="generate").query
    think = reasoning_pattern("think")
    assert to_answer(AnswerRow("1", "", status="refused"), query).status == "refused"
    assert to_answer(AnswerRow("1", "", status="error"), query).detail
    answer = to_answer(AnswerRow("1", "<think>hm</think>A"), query, think)
    assert (answer.reasoning, answer.text, answer.status) == ("hm", "A", "ok")
    assert to_answer(AnswerRow("1", "<think>hm"), query, think).status == "truncated"


def test_replay_needs_no_images() -> None:
    def gone():
        raise OSError("no such image")

    query = Query(ask(Image(gone), "Which?"), AB, how="choose")
    asked = Request(Item("1", "1", query, "A"), query)
    assert match([asked], [AnswerRow("1", "A")]).answers[0].text == "A"


def test_the_fingerprint_is_that_of_the_bytes(tmp_path: Path) -> None:
    first = open_model(written(tmp_path / "a.jsonl", {"id": "1", "answer": "A"})).fingerprint
    assert open_model(written(tmp_path / "b.jsonl", {"id": "1", "answer": "A"})).fingerprint == first
    assert open_model(written(tmp_path / "c.jsonl", {"id": "1", "answer": "B"})).fingerprint != first


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file") as caught:
        open_model(f"replay:{tmp_path}/nowhere.jsonl")
    assert "\n" not in str(caught.value)
