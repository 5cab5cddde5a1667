from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.core.model import Encoder
from audit.core.observation import Observation
from audit.core.probe import Intervenes, MayNotTell, Plan, UsesEncoder, UsesReader
from probes.spurious.probe import PROBE, Spurious


def test_the_plan_is_pure(make_plan: Callable[..., Plan]) -> None:
    one, two = make_plan(seed=3), make_plan(seed=3)
    assert [(r.place, r.query.digest) for r in one.requests] == [(r.place, r.query.digest) for r in two.requests]
    places = [request.place for request in one.requests]
    assert len(set(places)) == len(places)


def test_what_it_offers() -> None:
    for protocol in (Intervenes, MayNotTell, UsesEncoder, UsesReader):
        assert isinstance(PROBE, protocol)
    assert PROBE.needs == frozenset()


def test_without_an_encoder_it_says_so(dataset: Dataset) -> None:
    def refuse(spec: str) -> Encoder:
        raise InputError(f"{spec or 'nothing'} cannot embed", remedy="install it")

    rng = np.random.default_rng(0)
    options = PROBE.options({"regions": "grid"})
    assert "none was lent" in PROBE.plan(dataset, options, rng).skipped[0]
    told = PROBE.with_encoder(refuse).plan(dataset, options, rng)
    assert told.requests == ()
    assert "install it" in told.skipped[0]


def test_no_mark_no_endpoint(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan(regions="grid")
    assert any("endpoint" in told and "not assessed" in told for told in plan.skipped)
    assert not any("endpoint" in told for told in make_plan().skipped)


def test_too_few_images_are_told(make_plan: Callable[..., Plan], dataset: Dataset) -> None:
    plan = make_plan(replace(dataset, records=dataset.records[:12]))
    assert plan.requests == ()
    assert "patients each" in plan.skipped[0]


def test_the_notes_say_how_it_was_done(plan: Plan) -> None:
    told = " ".join(plan.notes)
    for word in ("96 images", "brightness", "discovery", "estimation", "counterfactual", "association"):
        assert word in told


def test_answers_in_words_are_enough(probe: Spurious, make_plan: Callable[..., Plan]) -> None:
    plan = make_plan(how="generate")
    assert {request.query.how for request in plan.requests} == {"generate"}
    rows = [
        Observation.of("spurious", "model", request, judgement)
        for request in plan.requests
        for judgement in probe.judge(request, Answer(f"{request.item.target})"))
    ]
    assert all(row.outcome == "correct" for row in rows)
    assert probe.measures([*rows, *probe.derive(rows)])
