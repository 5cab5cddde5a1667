"""Models that disagree with themselves: as often right as they should be, asked twice, and counted when flagged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audit.app.selftest.cast import HONEST
from audit.app.selftest.persona import Persona
from audit.app.selftest.stage import Stage, default_stage
from audit.app.selftest.unsteady import CLAIMS, UNSURE, claim_of, counted, pair, seen_in
from audit.core.answer import Answer
from audit.core.finding import Finding
from probes.shifts.flaws import FLAWS

BASE = Persona("base", 0.9)


@pytest.fixture(scope="module")
def stage() -> Stage:
    return default_stage(("shifts",)).asking_again.resampled(500)


def again(stage: Stage, model: Persona, seeds: int) -> list[tuple[Answer | None, Answer | None, bool]]:
    """(first answer, second answer, whether the first is right) of every question asked twice."""
    (sheet,) = stage.sheets
    made = []
    for seed in range(seeds):
        said = stage.replies(model, BASE, seed)[0]
        first = {request.place: answer for request, answer in zip(said.requests, said.answers, strict=True)}
        assert said.again is not None
        for request, answer in zip(said.again.requests, said.again.answers, strict=True):
            stride = max(r.query.sample for r in sheet.entry.requests) + 1
            before = first[request.item.id, "clean", request.query.sample - stride]
            assert before is not None
            made.append((before, answer, before.text == request.item.target))
    return made


def test_a_steady_model_says_the_same_when_it_is_asked_again(stage: Stage) -> None:
    said = again(stage, Persona("p", 0.7), 4)
    assert len(said) > 60
    assert all(first == second for first, second, _ in said)


def test_an_unsure_one_changes_its_mind_as_often_as_stated_and_is_as_often_right(stage: Stage) -> None:
    share, accuracy = 0.6, 0.7
    said = again(stage, Persona("p", accuracy, unsure=share), 40)
    changed = np.mean([first != second for first, second, _ in said])
    least, most = share * 2 * accuracy * (1 - accuracy), share * (1 - accuracy**2)  # wrong answers may differ too
    assert least - 0.05 <= changed <= most + 0.05
    assert np.mean([right for _, _, right in said]) == pytest.approx(accuracy, abs=0.06)


def test_a_stage_without_repeats_asks_none(stage: Stage) -> None:
    plain = default_stage(("shifts",))
    assert all(reply.again is None for reply in plain.replies(HONEST, BASE, 0))
    assert plain.sheets[0].requests == stage.sheets[0].requests[: len(plain.sheets[0].requests)]
    assert len(stage.sheets[0].requests) > len(plain.sheets[0].requests)


def test_what_is_found_of_an_unsure_model_is_its_noise_and_of_a_fragile_one_its_flips(stage: Stage) -> None:
    unsure = stage.audit(*pair(2), 1).findings
    flagged, agreement = seen_in(unsure)
    assert agreement < 0.95
    assert set(flagged) <= set(CLAIMS)
    flips = [finding for finding in unsure if claim_of(finding) == "flips" and finding.comparison == "absolute"]
    assert flips
    assert all("noise" in finding.tags for finding in flips)
    fragile = stage.audit(HONEST.flawed(FLAWS[1], 1.0), HONEST, 1).findings
    flagged, agreement = seen_in(fragile)
    assert agreement == 1
    assert {"flips", "vs_clean"} <= set(flagged)  # so that staying quiet is no matter of course


def test_few_flips_are_no_flag() -> None:
    finding = Finding("shifts", "t", "w", "shifts.flip_rate", "strict", "model", tags={"flag": "better"}, estimate=0.1)
    agreement = replace(finding, metric="shifts.self_agreement", tags={}, estimate=0.9)
    assert seen_in([finding, agreement]) == ([], 0.9)
    assert seen_in([replace(finding, tags={"flag": "worse"}), agreement]) == (["flips"], 0.9)
    assert seen_in([replace(finding, comparison="vs_base"), agreement]) == (["flips"], 0.9)


def test_audits_are_counted_by_what_was_flagged_and_by_model() -> None:
    names = {pair(number)[0].name for number in range(6)}
    assert len(names) == 2 * len(UNSURE)
    assert [pair(number)[1].unsure for number in range(6)] == [*UNSURE, 0, 0, 0]
    seen = [[["flips"], 0.8], [[], 0.9], [["flips", "did"], 0.7], [[], 1.0], [[], 1.0], [[], 1.0], [[], 0.6]]
    told = counted(seen, 0.05)
    assert (told.claims["flips"].hits, told.claims["did"].hits, told.claims["vs_base"].hits) == (2, 1, 0)
    assert all(tally.runs == 7 for tally in told.claims.values())
    first = pair(0)[0].name
    assert (told.models[first].hits, told.models[first].runs) == (1, 2)
    assert told.agreement[first] == pytest.approx(0.7)
