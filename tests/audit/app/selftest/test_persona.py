"""Simulated models do what is said of them: so often right, so much alike, and flawed where they are said to be."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from audit.app.judging import observe
from audit.app.selftest.persona import ICC, ITEM, Persona
from audit.app.selftest.stage import Stage, stage_on
from audit.app.selftest.threshold import single
from audit.core.answer import Answer
from audit.core.observation import Observation
from audit.core.probe import Flaw
from audit.data.phantoms import phantoms
from probes.mediconfusion.probe import PROBE as MEDICONFUSION
from probes.medobvious.probe import PROBE as MEDOBVIOUS
from probes.shifts.probe import PROBE as SHIFTS


@pytest.fixture(scope="module")
def shifts() -> Stage:
    return stage_on(SHIFTS, phantoms(120, 5, 32), {"budget": 8, "per_modality": 1})


@pytest.fixture(scope="module")
def grids() -> Stage:
    return stage_on(MEDOBVIOUS, phantoms(240, 5, 32), {"n_grids": "24", "n_variant_grids": "4"})


def rows(stage: Stage, model: Persona, seeds: range) -> list[Observation]:
    """Strict observations of the model in several audits, those of control conditions left out."""
    made: list[Observation] = []
    (sheet,) = stage.sheets
    assert sheet.entry.probe is not None
    for seed in seeds:
        said = stage.replies(model, Persona("base", 0.9), seed)[0]
        seen = observe(sheet.entry.probe, "model", said.requests, said.answers, sheet.entry.controls)
        made += [row for row in seen if row.scoring == "strict"]
    return made


@pytest.mark.parametrize("accuracy", [0.6, 0.95])
def test_each_answer_is_right_with_the_stated_chance(shifts: Stage, accuracy: float) -> None:
    seen = rows(shifts, Persona("p", accuracy), range(30))
    for clean in (True, False):
        values = [row.value for row in seen if (row.condition == "clean") == clean and row.value is not None]
        assert len(values) > 250
        assert np.mean(values) == pytest.approx(accuracy, abs=0.07)


def test_right_answers_hang_together_as_said(shifts: Stage) -> None:
    """Two conditions of one item are both right as a bivariate normal says."""
    seen = [row for row in rows(shifts, Persona("p", 0.7), range(30)) if row.condition != "clean"]
    by_item: dict[tuple[int, str], list[float]] = {}
    for place, row in enumerate(seen):
        by_item.setdefault((place // (len(seen) // 30), row.item), []).append(float(row.value or 0))
    pairs = np.array([values[:2] for values in by_item.values() if len(values) > 1])
    limit = norm.ppf(0.7)
    rho = ICC + ITEM
    both = multivariate_normal.cdf([limit, limit], cov=[[1, rho], [rho, 1]])
    assert pairs.prod(axis=1).mean() == pytest.approx(both, abs=0.08)
    assert both > 0.7**2 + 0.05  # what independence would give is told apart


def test_asked_again_or_without_the_image_a_model_says_the_same(grids: Stage) -> None:
    (model, _) = grids.replies(Persona("p", 0.8), Persona("b", 0.8), 3)
    again = grids.replies(Persona("p", 0.8), Persona("b", 0.8), 3)[0]
    assert model.answers == again.answers
    blind: dict[tuple[str, ...], set[str]] = {}
    for request, answer in zip(model.requests, model.answers, strict=True):
        if request.condition == "blind":
            assert answer is not None
            key = (request.query.text, *(option.label for option in request.query.options))
            blind.setdefault(key, set()).add(answer.text)
    assert len(blind) > 5
    assert all(len(said) == 1 for said in blind.values())
    assert len({text for said in blind.values() for text in said}) > 3


def test_a_sample_drawn_again_gets_the_same_answer(shifts: Stage) -> None:
    (sheet,) = shifts.sheets
    first = sheet.requests[0]
    twice = replace(first, query=replace(first.query, sample=1))
    entry = replace(sheet.entry, requests=(first, twice))
    repeated = Stage(replace(shifts.prepared, planned=(entry,)), (type(sheet).of(entry),))
    for seed in range(20):
        one, two = repeated.replies(Persona("p", 0.5), Persona("b", 0.5), seed)[0].answers
        assert one == two


def test_a_flaw_shows_on_its_share_of_the_items_whole_and_never_unseen(grids: Stage) -> None:
    marked = Flaw("marked", lambda request: "the flaw speaks", ("medobvious.sensitivity",))
    taken, unseen = Counter[bool](), 0
    for seed in range(10):
        (model, _) = grids.replies(Persona("p", 0.9).flawed(marked, 0.3), Persona("b", 0.9), seed)
        items: dict[str, set[bool]] = {}
        for request, answer in zip(model.requests, model.answers, strict=True):
            assert answer is not None
            flawed = answer.text == "the flaw speaks"
            if request.condition.rpartition("+")[2] in ("blind", "neutral"):
                unseen += flawed
            else:
                items.setdefault(request.item.id, set()).add(flawed)
        assert all(len(said) == 1 for said in items.values())
        taken.update(next(iter(said)) for said in items.values())
    assert unseen == 0
    assert taken[True] / taken.total() == pytest.approx(0.3, abs=0.06)


def test_a_wrong_answer_is_one_that_the_probe_calls_wrong(grids: Stage) -> None:
    (sheet,) = grids.sheets
    judge = MEDOBVIOUS.judge
    assert all(sheet.wrong)
    for request, wrong in list(zip(sheet.requests, sheet.wrong, strict=True))[::7]:
        assert request.item.target not in wrong
        assert request.item.tags.get("also_right") not in wrong
        for label in wrong:
            (strict,) = [j for j in judge(request, Answer(label)) if j.scoring == "strict"]
            assert strict.outcome == "wrong"


def test_pairs_are_both_right_as_often_as_they_were_meant_to_be() -> None:
    stage = stage_on(MEDICONFUSION, phantoms(160, 5, 32), {"ways": "multiple_choice", "n_pairs": "20", "n_easy": "0"})
    chance = single(0.5)
    limit = norm.ppf(chance)
    assert multivariate_normal.cdf([limit, limit], cov=[[1, ICC], [ICC, 1]]) == pytest.approx(0.5, abs=1e-4)
    pairs: dict[tuple[int, str], list[float]] = {}
    for seed in range(60):
        for row in rows(stage, Persona("p", chance), range(seed, seed + 1)):
            if row.condition == "clean":
                pairs.setdefault((seed, row.tags["pair"]), []).append(float(row.value or 0))
    assert np.mean([min(values) for values in pairs.values()]) == pytest.approx(0.5, abs=0.06)
