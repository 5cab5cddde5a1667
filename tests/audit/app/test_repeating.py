"""Questions asked twice: which are drawn, how they are told from stored answers, and what a run makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import medaudit
from audit.app.repeating import agreement, in_place, parse_repeats, repeat_requests, stride_of
from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.item import CLEAN, REPEAT, Item, Request
from audit.core.observation import Observation
from audit.core.query import Decoding, Query, ask
from audit.store.store import Store

SETUP = {"mediconfusion": {"n_pairs": 12, "n_easy": 0, "ways": "multiple_choice"}}


def requests(n: int, compared: int = 0, per_cluster: int = 1, decoding: Decoding | None = None) -> list[Request]:
    made = []
    for i in range(n):
        query = Query(ask(f"question {i}"), decoding=decoding or Decoding())
        item = Item(f"q{i}", f"c{i // per_cluster}", query, "A", {"kind": f"k{i % 2}"})
        made.append(Request(item, query))
        if i < compared:
            made.append(Request(item, replace(query, prefix="noisy"), "noisy"))
    return made


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize(("text", "value"), [("24", 24), ("0", 0), ("0.1", 0.1), ("10%", 0.1), ("1.0", 1.0)])
def test_a_number_or_a_share(text: str, value: float) -> None:
    assert parse_repeats(text) == value
    assert type(parse_repeats(text)) is type(value)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "0.0", "nan", "a tenth", "200%", "True"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="repeats"):
        parse_repeats(text)


def test_items_whose_answers_are_compared_come_first() -> None:
    asked = repeat_requests(requests(40, compared=10), 16, rng())
    ids = {request.item.id for request in asked}
    assert len(asked) == len(ids) == 16
    assert {f"q{i}" for i in range(10)} <= ids
    assert all(request.condition == REPEAT for request in asked)
    assert [request.item.id for request in asked] != sorted(ids)


def test_a_share_is_of_items_and_clusters_stay_whole() -> None:
    asked = repeat_requests(requests(40, per_cluster=4), 0.3, rng())
    assert len(asked) == 12
    assert len({request.item.cluster for request in asked}) == 3
    assert len(repeat_requests(requests(40), 1.0, rng())) == 40
    assert repeat_requests(requests(40), 0, rng()) == ()
    assert repeat_requests((), 0.5, rng()) == ()


def test_strata_keep_their_proportions() -> None:
    asked = repeat_requests(requests(100), 30, rng())
    assert sum(request.item.tags["kind"] == "k0" for request in asked) == 15


def test_a_repeat_is_another_sample_that_no_stored_answer_fits() -> None:
    own = [replace(r, query=replace(r.query, sample=i % 3)) for i, r in enumerate(requests(30))]
    asked = repeat_requests(own, 30, rng())
    assert not {r.query.digest for r in asked} & {r.query.digest for r in own}
    assert {r.query.sample - stride_of(own) for r in asked} == {0, 1, 2}
    assert all(r.query.decoding.seed == 0 for r in asked)


def test_where_text_is_drawn_the_seed_is_another() -> None:
    own = requests(6, decoding=Decoding(temperature=0.7, seed=5))
    assert {r.query.decoding.seed for r in repeat_requests(own, 6, rng())} == {6}


def test_agreement_is_by_what_was_read() -> None:
    def seen(item: str, given: str | None, outcome: str = "wrong", **more: object) -> Observation:
        return Observation("toy", item, item, "model", "strict", outcome, 0.0, given, **more)  # type: ignore[arg-type]

    first = [seen("a", "A"), seen("b", "A"), seen("c", None, "refused"), seen("d", None, "refused"), seen("e", "A")]
    again = [seen("a", "A"), seen("b", None, "unparsed"), seen("c", None, "refused"), seen("d", None, "truncated")]
    again += [seen("e", None, "error")]
    pairs = agreement(first, in_place([replace(row, condition=REPEAT, sample=1) for row in again], 1))
    assert {row.item: row.value for row in pairs} == {"a": 1, "b": 0, "c": 1, "d": 0}
    assert {row.condition for row in pairs} == {REPEAT}


class Calls:
    """A model that notes its batches and answers by a coin of its own, each time it is asked."""

    spec = "calls"
    capabilities = frozenset({"generate"})
    fingerprint = {"adapter": "calls"}  # noqa: RUF012

    def __init__(self, dies_after: int | None = None) -> None:
        self.batches: list[list[Query]] = []
        self.left = dies_after
        self.coin = np.random.default_rng(1)

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        self.batches.append(list(queries))
        for index in range(len(queries)):
            if self.left is not None:
                self.left -= 1
                if self.left < 0:
                    raise KeyboardInterrupt
            yield index, Answer("AB"[int(self.coin.integers(2))])

    def close(self) -> None:
        pass


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Calls:
    made = Calls()
    monkeypatch.setattr("audit.app.pipeline.open_model", lambda spec: made)
    return made


def run(folder: Path, **more: object) -> medaudit.audit:  # type: ignore[valid-type]
    return medaudit.audit("calls", probes=["mediconfusion"], out=folder, options=SETUP, **more)  # type: ignore[arg-type]


def test_a_run_asks_again_in_other_batches_and_counts_what_changed(tmp_path: Path, model: Calls) -> None:
    done = run(tmp_path / "run", repeats=12)
    first, *halves = model.batches
    assert [len(half) for half in halves] == [6, 6]
    assert not {query.digest for query in first} & {query.digest for half in halves for query in half}
    rows = [row for row in done.observations if row.scoring == "strict"]
    given = {(row.item, row.condition): row.given for row in rows}
    again = [row for row in rows if row.condition == REPEAT]
    assert len(again) == 12
    same = sum(row.given == given[row.item, CLEAN] for row in again)
    assert 0 < same < 12
    assert done.finding("mediconfusion.self_agreement", condition="repeat").estimate == pytest.approx(same / 12)


def test_a_run_that_was_killed_resumes_and_asks_nothing_twice(
    tmp_path: Path, model: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "whole", repeats=12)
    total = sum(map(len, model.batches))
    model.left = total - 3
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "run", repeats=12)
    with Store(tmp_path / "run" / "answers.sqlite") as store:
        assert store.count() == total - 3
    model.left = None
    model.batches.clear()
    done = run(tmp_path / "run", repeats=12)
    assert sum(map(len, model.batches)) == 3
    model.batches.clear()
    again = run(tmp_path / "run", repeats=12)
    assert model.batches == []
    assert again.observations == done.observations


def test_a_shared_cache_gives_the_second_answer_for_the_second_question(tmp_path: Path, model: Calls) -> None:
    one = run(tmp_path / "one", repeats=12, cache=tmp_path / "cache")
    model.batches.clear()
    two = run(tmp_path / "two", repeats=12, cache=tmp_path / "cache")
    assert model.batches == []
    assert [row.given for row in two.observations] == [row.given for row in one.observations]


def test_another_number_of_repeats_is_another_run(tmp_path: Path, model: Calls) -> None:
    run(tmp_path / "run", repeats=12)
    with pytest.raises(InputError, match="plan differs"):
        run(tmp_path / "run", repeats=14)


def test_answers_that_never_came_leave_the_run_incomplete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(Calls):
        def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
            for index, query in enumerate(queries):
                yield index, Answer.failed("gone") if query.sample else Answer("A")

    monkeypatch.setattr("audit.app.pipeline.open_model", lambda spec: Failing())
    done = run(tmp_path / "run", repeats=6)
    assert done.overall.verdict == "incomplete"
    with pytest.raises(KeyError):
        done.finding("mediconfusion.self_agreement", condition="repeat")


def test_a_guesser_flips_under_corruption_as_often_as_by_itself(tmp_path: Path) -> None:
    """A model that draws every answer anew: most answers flip, and none of that is a finding."""
    done = medaudit.audit(
        "control:random",
        "control:random?seed=1",
        probes=["shifts"],
        options={"shifts": {"items": 60, "per_modality": 1}},
        out=tmp_path / "run",
        images=False,
    )
    flips = done.finding("shifts.flip_rate")
    assert flips.estimate is not None
    assert flips.estimate > 0.4
    assert flips.tags["within_noise"] == "yes"
    own = done.finding("shifts.self_agreement", condition="repeat")
    assert float(flips.tags["noise"]) == pytest.approx(1 - (own.estimate or 0.0), abs=1e-6)
    flagged = [f for f in done.findings if f.tags.get("flag") and f.comparison in ("vs_clean", "vs_base", "did")]
    assert flagged == []
    assert not [f for f in done.findings if f.metric == "shifts.flip_rate" and f.tags.get("flag")]
    digest = json.loads((done.folder / "digest.json").read_text())
    assert any("asked again in other batches" in note for part in digest["probes"] for note in part["notes"])
    assert "When asked again" in done.report.read_text()


def test_answers_of_a_file_cannot_be_asked_again(tmp_path: Path) -> None:
    """Said in the report; where the file holds answers to the repeats, they are used."""
    folder, setup = tmp_path / "run", {"repeats": 6, "options": SETUP}
    first = medaudit.audit("control:random", probes=["mediconfusion"], out=folder, **setup)  # type: ignore[arg-type]
    rows = [
        row for row in first.observations if row.scoring == "strict" and row.condition in (CLEAN, "swapped", REPEAT)
    ]
    lines = [
        {"id": row.item, "condition": row.condition, "sample": row.sample, "answer": row.given or "-"} for row in rows
    ]
    for name, kept in (("clean", [line for line in lines if line["condition"] != REPEAT]), ("all", lines)):
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in kept))
        done = medaudit.audit(f"replay:{path}", probes=["mediconfusion"], out=tmp_path / name, **setup)  # type: ignore[arg-type]
        notes = json.loads((done.folder / "digest.json").read_text())["probes"][0]["notes"]
        assert any("noise floor of the model is not assessed" in note for note in notes) == (name == "clean")
        agreed = [f for f in done.findings if f.metric == "mediconfusion.self_agreement"]
        own = [f for f in first.findings if f.metric == "mediconfusion.self_agreement"]
        assert [f.estimate for f in agreed] == ([] if name == "clean" else [f.estimate for f in own])
