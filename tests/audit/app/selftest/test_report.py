"""What promises come to, and the page that is made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audit.app.selftest.page import page
from audit.app.selftest.report import CLAIMS, merged, promises, write
from audit.app.selftest.tally import Tally
from audit.core.errors import InputError

ROOT = Path(__file__).parents[4]


def powered(hits: int, runs: int, **changed: Any) -> dict[str, Any]:
    row = {"name": "p: f", "finds": ["p.m"], "spares": [], "effect": 0.5, "found": Tally(hits, runs).plain(),
           "spoilt": Tally(0, runs).plain(), "stated": True}  # fmt: skip
    return {"power": {"command": "`c`", "resamples": 2000, "rows": [{**row, **changed}], "left_out": {}}}


@pytest.mark.parametrize(
    ("hits", "runs", "standing"),
    [(60, 60, "shown"), (59, 60, "shown"), (2, 2, "open"), (56, 60, "open"), (40, 60, "broken"), (0, 2, "broken")],
)
def test_power_is_kept_open_or_broken(hits: int, runs: int, standing: str) -> None:
    (promise,) = promises(powered(hits, runs))
    assert promise.standing == standing


@pytest.mark.parametrize(("hits", "standing"), [(0, "shown"), (3, "shown"), (10, "open"), (30, "broken")])
def test_a_rate_of_false_verdicts_is_kept_open_or_broken(hits: int, standing: str) -> None:
    told = {"threshold": {"any_pass": Tally(hits, 400).plain(), "alpha": 0.025}}
    (promise,) = promises(told)
    assert promise.standing == standing


@pytest.mark.parametrize(("hits", "standing"), [(4750, "shown"), (4690, "open"), (4600, "broken"), (4950, "broken")])
def test_coverage_has_a_band(hits: int, standing: str) -> None:
    row = {"name": "x", "kind": "bootstrap", "held": Tally(hits, 5000).plain(), "band": [0.94, 0.97]}
    (promise,) = promises({"coverage": {"command": "`c`", "resamples": 1000, "rows": [row]}})
    assert promise.standing == standing


def test_effects_below_the_stated_one_promise_nothing() -> None:
    assert list(promises(powered(1, 60, stated=False))) == []


def test_a_probe_that_could_not_be_asked_is_named() -> None:
    told = powered(60, 60)
    told["power"]["left_out"] = {"other": "no data of a kind that it takes (documents)"}
    made = tuple(promises(told))
    assert [promise.standing for promise in made] == ["shown", "open"]
    assert "| other | no flaw of this probe could be planted: no data of a kind" in page(told, made)


def test_sections_are_merged_and_other_files_refused(tmp_path: Path) -> None:
    write(tmp_path, merged(tmp_path, powered(60, 60)))
    row = {"name": "x", "kind": "exact", "held": Tally(98, 100).plain(), "band": [0.95, 1.0]}
    both = merged(tmp_path, {"coverage": {"command": "`d`", "resamples": 1000, "rows": [row]}})
    assert {"power", "coverage", "schema"} == both.keys()
    text = write(tmp_path, both).read_text()
    assert "60 of 60 (0.940 to 1.000)" in text
    assert "98 of 100" in text
    (tmp_path / "selftest.json").write_text('{"schema": "other"}')
    with pytest.raises(InputError, match="not of schema"):
        merged(tmp_path, {})
    (tmp_path / "selftest.json").write_text("{")
    with pytest.raises(InputError, match="Cannot be read"):
        merged(tmp_path, {})


def test_rows_of_other_flaws_stay_and_those_tried_again_are_replaced(tmp_path: Path) -> None:
    write(tmp_path, merged(tmp_path, powered(60, 60)))
    other = powered(9, 9, name="p: other")
    other["power"]["command"] = "`d`"
    write(tmp_path, both := merged(tmp_path, other))
    assert both["power"]["command"] == "`c` and `d`"  # type: ignore[call-overload,index]
    again = merged(tmp_path, powered(5, 5))
    rows = again["power"]["rows"]  # type: ignore[call-overload,index]
    assert [(row["name"], row["found"]["runs"]) for row in rows] == [("p: other", 9), ("p: f", 5)]
    assert again["power"]["command"] == "`c` and `d`"  # type: ignore[call-overload,index]
    alone = merged(tmp_path, {"power": {**powered(1, 1)["power"], "rows": []}})
    assert len(alone["power"]["rows"]) == 2  # type: ignore[call-overload,index]


@pytest.mark.parametrize(("hits", "standing"), [(2, "shown"), (10, "open"), (30, "broken")])
def test_flags_for_noise_are_promised_to_be_few(hits: int, standing: str) -> None:
    claims = {name: Tally(0, 200).plain() for name in CLAIMS} | {"flips": Tally(hits, 200).plain()}
    told = {"command": "`c`", "resamples": 2000, "runs": 200, "fdr": 0.05, "claims": claims,
            "models": {"unsure": Tally(hits, 200).plain()}, "agreement": {"unsure": 0.9}}  # fmt: skip
    made = list(promises({"unsteady": told}))
    assert [promise.standing for promise in made] == [standing, "shown", "shown", "shown"]
    text = page({"unsteady": told}, made)
    assert f"| flags a model for its noise: a flip rate | {hits} of 200" in text
    assert f"| unsure | 0.900 | {hits} of 200" in text


def test_the_page_in_the_docs_is_what_its_data_say() -> None:
    results = json.loads((ROOT / "docs" / "selftest.json").read_text())
    assert (ROOT / "docs" / "selftest.md").read_text() == page(results, tuple(promises(results)))
    assert {"power", "clean", "threshold", "coverage"} <= results.keys()
    assert [promise.name for promise in promises(results) if promise.standing == "broken"] == []
