"""The short cut is none: `medaudit run` finds the same in the same answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audit.app.config import RunConfig
from audit.app.pipeline import run
from audit.app.replies import Replies
from audit.app.selftest.cast import HONEST
from audit.app.selftest.stage import default_stage
from audit.app.selftest.voice import at_length
from audit.data.answers import AnswerRow, write_answers
from probes.shifts.flaws import FLAWS


def written(path: Path, replies: Replies) -> str:
    """The replies as a file of answers; returns the spec that replays it."""
    rows = []
    for part in (replies, *(() if replies.again is None else (replies.again,))):
        for request, answer in zip(part.requests, part.answers, strict=True):
            assert answer is not None
            item, condition, sample = request.place
            rows.append(AnswerRow(item, answer.text, condition, sample, option_logprobs=answer.option_logprobs))
    write_answers(path, rows)
    return f"replay:{path}"


@pytest.mark.parametrize(("probe", "again"), [("shifts", False), ("shifts", True), ("medobvious", False)])
def test_a_run_over_the_same_answers_finds_the_same(probe: str, again: bool, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("resamples: 1000\n")
    stage = default_stage((probe,), policy)
    stage = stage.asking_again if again else stage
    flaw = FLAWS[0] if probe == "shifts" else stage.flaws[0][1]
    model = replace(HONEST.flawed(flaw, 0.5), unsure=0.3 if again else 0.0)
    base = type(HONEST)("base", 0.9, at_length)
    ours = stage.audit(model, base, 0)
    specs = [written(tmp_path / f"{each.role}.jsonl", each) for each in stage.replies(model, base, 0)]
    config = RunConfig(probes=(probe,), model=specs[0], base=specs[1], out=tmp_path / "run", policy=policy)
    theirs = run(config)
    assert len(ours.findings) > 100
    assert [finding.plain() for finding in theirs.findings] == [finding.plain() for finding in ours.findings]
    assert theirs.overall == ours.overall
    assert theirs.observations == ours.observations
    assert any(finding.metric == f"{probe}.self_agreement" for finding in ours.findings) == again
