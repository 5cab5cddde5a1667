"""What counts as a false alarm, and that one is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.app.pipeline import Outcome
from audit.app.selftest.cast import HONEST, clean_pair
from audit.app.selftest.clean import cleared, is_null, seen_in
from audit.app.selftest.stage import stage_on
from audit.data.phantoms import phantoms
from probes.shifts.flaws import FLAWS
from probes.shifts.probe import PROBE


@pytest.fixture(scope="module")
def flawed() -> Outcome:
    stage = stage_on(PROBE, phantoms(300, 5, 32)).resampled(1000)
    return stage.audit(HONEST.flawed(FLAWS[1], 1.0), HONEST, 1)


def test_a_flagged_difference_is_seen_in_its_family_and_a_fail_as_one(flawed: Outcome) -> None:
    seen = seen_in(flawed, "x", good=True)
    assert seen.families["shifts.vs_clean"]
    assert "shifts.delta:vs_clean" in seen.accused
    assert not seen.families["shifts.vs_clean.base"]
    fails = [finding for finding in flawed.findings if finding.verdict == "fail"]
    assert seen.failed == bool(fails)
    leak = replace(flawed.findings[0], metric="phi.leak_rate", comparison="absolute", role="primary", verdict="fail")
    assert not seen_in(replace(flawed, findings=(leak,)), "x", good=True).failed
    assert seen_in(replace(flawed, findings=(replace(leak, metric="phi.other"),)), "x", good=True).failed
    worded = seen_in(flawed, "x", good=True, alike=False)
    assert sum(total for _, total in worded.covered.values()) <= sum(total for _, total in seen.covered.values())
    together = cleared([seen, replace(seen, families={}, failed=False, accused=())], 0.05, 0.025)
    assert together.families["shifts.vs_clean"].hits == 1
    assert together.any_family.hits == 1
    assert together.accused["shifts.delta:vs_clean"].hits == 1


def test_what_is_not_nothing_is_not_counted(flawed: Outcome) -> None:
    counted = [finding for finding in flawed.findings if is_null(finding)]
    assert {finding.comparison for finding in counted} == {"vs_base", "vs_clean", "between_slices", "did"}
    assert not any(finding.tags.get("chance") == "corrected" for finding in counted)
    held = seen_in(flawed, "x", good=True).covered
    hits, total = map(sum, zip(*held.values(), strict=True))
    assert total == sum(f.null is not None and f.ci_low is not None for f in counted)
    assert hits < total  # the planted flaw is no truth of 0


def test_clean_models_take_turns() -> None:
    pairs = [clean_pair(number) for number in range(20)]
    assert len({model.name for model, _ in pairs}) == 8
    assert all(model.skill == base.skill for model, base in pairs)
    assert {model.voice.__name__ for model, _ in pairs} == {"briefly", "at_length"}
    assert {base.voice.__name__ for _, base in pairs} == {"briefly"}
