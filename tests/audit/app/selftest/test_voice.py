"""Many words for the same answer are read as that answer, by every probe and for every answer that it offers."""

from __future__ import annotations

import pytest

from audit.app.judging import observe
from audit.app.selftest.persona import Persona
from audit.app.selftest.stage import stage_on
from audit.app.selftest.voice import REFUSAL, at_length, briefly
from audit.app.table import PROBES
from audit.core.answer import Answer
from audit.data.phantoms import phantoms

CLOSED = ("mediconfusion", "medobvious", "shifts")  # whose questions offer answers


@pytest.mark.parametrize("name", CLOSED)
def test_the_flatterer_and_the_brief_are_read_alike(name: str) -> None:
    probe = PROBES.load(name)
    (sheet,) = stage_on(probe, phantoms(160, 4, 32)).sheets
    read = 0
    for request in sheet.requests[::11]:
        for option in request.query.options:
            told = [briefly(request, option.label, 0), *(at_length(request, option.label, turn) for turn in range(12))]
            judged = [[j for j in probe.judge(request, answer) if j.scoring == "strict"] for answer in told]
            assert all(each == judged[0] for each in judged), (option, [answer.text for answer in told])
            assert judged[0][0].outcome in ("correct", "wrong")
            read += 1
    assert read > 50


@pytest.mark.parametrize("name", CLOSED)
def test_a_flatterer_scores_as_its_twin_of_few_words(name: str) -> None:
    stage = stage_on(PROBES.load(name), phantoms(160, 4, 32))
    (sheet,) = stage.sheets
    strict = []
    for voice in (briefly, at_length):
        said = stage.replies(Persona("p", 0.8, voice), Persona("b", 0.8), 5)[0]
        seen = observe(PROBES.load(name), "model", said.requests, said.answers, sheet.entry.controls)
        strict.append([row for row in seen if row.scoring != "published"])
    assert len(strict[0]) > 100
    assert strict[0] == strict[1]


@pytest.mark.parametrize("name", CLOSED)
def test_the_refusal_is_read_as_one(name: str) -> None:
    probe = PROBES.load(name)
    (sheet,) = stage_on(probe, phantoms(160, 4, 32)).sheets
    closed = next(request for request in sheet.requests if request.query.options and request.query.how == "generate")
    (strict,) = [j for j in probe.judge(closed, Answer(REFUSAL)) if j.scoring == "strict"]
    assert strict.outcome == "refused"
