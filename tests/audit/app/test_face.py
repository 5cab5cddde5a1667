"""`medaudit.audit`: the settings of the command, from Python."""

from __future__ import annotations

import inspect
import json
from dataclasses import fields
from pathlib import Path

import medaudit
from audit.app.config import RunConfig

ONLY_THE_COMMANDS = {"fail_on", "command", "metrics", "only_compare"}


def test_every_setting_of_a_run_can_be_given_from_python() -> None:
    given = set(inspect.signature(medaudit.audit).parameters)
    assert {field.name for field in fields(RunConfig)} - ONLY_THE_COMMANDS == given


def test_a_call_writes_a_run_folder_and_gives_back_what_it_found(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    run = medaudit.audit(
        "control:random",
        probes=["mediconfusion"],
        out=tmp_path / "run",
        cache=cache,
        judge="control:random",
        max_calls=60,
        images=False,
        options={"mediconfusion": {"n_pairs": 4, "n_easy": 0, "ways": "free_form,multiple_choice"}},
    )
    record = json.loads((run.folder / "run.json").read_text())
    assert record["models"]["judge"]["spec"] == "control:random"
    assert (cache / "answers.sqlite").is_file()
    assert run.report.is_file()
    assert {finding.probe for finding in run.findings} == {"mediconfusion", "calibration"}
