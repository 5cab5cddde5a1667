"""The judge model: asked about free-form answers only, recorded, and an error of it is missing data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from audit.app.config import RunConfig
from audit.app.opinions import open_judge, with_opinions
from audit.app.pipeline import prepare, run
from audit.app.planning import Planned
from audit.app.preflight import preflight
from audit.app.replies import Replies
from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.model import Capability
from audit.core.query import Query
from audit.store.asker import Asker
from audit.store.store import Store


class Judge:
    """Prefers answer A, unless the response is "down"."""

    spec = "test:judge"
    capabilities: frozenset[Capability] = frozenset({"generate"})
    fingerprint = {"test": 1}  # noqa: RUF012

    def __init__(self) -> None:
        self.asked: list[Query] = []
        self.closed = 0

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        self.asked += queries
        for index, query in enumerate(queries):
            yield index, Answer.failed("busy") if "<<<down>>>" in query.text else Answer("A: 9\nB: 1\nclose")

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def planned() -> Planned:
    options = {"mediconfusion": {"ways": "multiple_choice,free_form", "n_pairs": 2, "n_easy": 0}}
    config = RunConfig(
        probes=("mediconfusion",), model="control:random", base=None, judge="control:random", options=options
    )
    (entry,) = prepare(config).planned
    return entry


def test_free_form_answers_alone_get_an_opinion(planned: Planned, tmp_path: Path) -> None:
    requests = planned.requests
    free = {place for place, r in enumerate(requests) if r.condition.startswith("free_form")}
    first, second, *_ = sorted(free)
    answers: list[Answer | None] = [Answer("something") for _ in requests]
    answers[first], answers[second] = Answer("down"), Answer("no", "refused")
    judge = Judge()
    with Store(tmp_path / "answers.sqlite") as store:
        given = Replies("model", planned.name, requests, tuple(answers))
        (judged,) = with_opinions(Asker(store), judge, [planned], [given])
    for place, answer in enumerate(judged.answers):
        assert answer is not None
        if place == first:
            assert answer.status == "error"
            assert "busy" in answer.detail
        else:
            assert answer.opinion == ("A: 9\nB: 1\nclose" if place in free and place != second else None)
    assert judge.closed == 1
    assert all(not query.images for query in judge.asked)


def test_without_a_judge_free_form_is_told_and_not_asked() -> None:
    config = RunConfig(probes=("mediconfusion",), model="control:random", base=None)
    (entry,) = prepare(config).planned
    assert not any(request.condition.startswith("free_form") for request in entry.requests)
    assert entry.plan is not None
    assert any("--judge" in line for line in entry.plan.skipped)


def test_the_judge_is_recorded(tmp_path: Path) -> None:
    options = {"mediconfusion": {"n_pairs": 2, "n_easy": 0, "ways": "free_form"}}
    config = RunConfig(
        probes=("mediconfusion",),
        model="control:random",
        base=None,
        judge="control:random",
        options=options,
        out=tmp_path,
    )
    run(config)
    record = json.loads((tmp_path / "run.json").read_text())
    assert record["models"]["judge"]["spec"] == "control:random"
    with pytest.raises(InputError, match="other settings"):
        run(replace(config, judge="control:constant:A"))


@pytest.mark.parametrize("spec", ["control:oracle", "features:skimage"])
def test_a_judge_must_write(spec: str) -> None:
    pytest.importorskip("skimage")
    with pytest.raises(InputError, match="judge"):
        open_judge(spec)


def test_calls_of_the_judge_are_counted_before_they_are_made(planned: Planned) -> None:
    free = sum(request.condition.startswith("free_form") for request in planned.requests)
    assert planned.n_opinions == free > 0
    assert planned.most_calls(2, judge=True) - planned.most_calls(2, judge=False) == 2 * free


def test_the_limit_on_calls_holds_with_a_judge_too() -> None:
    options = {"mediconfusion": {"ways": "free_form", "n_pairs": 8, "n_easy": 0}}
    config = RunConfig(
        probes=("mediconfusion",), model="control:random", base=None, judge="control:random", options=options
    )
    (free,) = prepare(config).planned
    most = free.most_calls(1, judge=True) // 2
    (cut,) = prepare(replace(config, max_calls=most)).planned
    assert 0 < cut.most_calls(1, judge=True) <= most


def test_the_preflight_tells_the_calls_of_the_judge() -> None:
    options = {"mediconfusion": {"ways": "free_form", "n_pairs": 4, "n_easy": 0}}
    config = RunConfig(
        probes=("mediconfusion",), model="control:random", base=None, judge="control:random", options=options
    )
    prepared = prepare(config)
    (entry,) = prepared.planned
    told = preflight(prepared)
    assert f"judge: at most {entry.n_opinions} calls" in told
    assert f"At most {entry.n_queries + entry.n_opinions} calls in all" in told
