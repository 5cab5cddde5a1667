from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

import audit.policy
from audit.core.canonical import canonical
from audit.core.finding import FINDINGS_SCHEMA, Finding
from audit.policy.conclude import conclude
from audit.policy.decide import decide

SCHEMA = json.loads((Path(audit.policy.__path__[0]) / "findings.schema.json").read_text("utf-8"))


def document(found: tuple[Finding, ...]) -> Any:
    plain = {"schema": FINDINGS_SCHEMA, "run": {"seed": 1}, "findings": [finding.plain() for finding in found]}
    return json.loads(canonical(plain))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def real(toy: Any) -> Any:
    """Every kind of finding: absolute, vs_base, vs_control, control, undefined, one cluster, not assessed."""
    rng = np.random.default_rng(0)
    draw = lambda share, **kw: toy.rows(list((rng.random(120) < share).astype(float)), 3, **kw)  # noqa: E731
    accuracy = replace(toy.accuracy, against=("blind",))
    rows = draw(0.9) + draw(0.7, model="base") + draw(0.3, condition="blind", scoring="control")
    policy = toy.policy(
        toy.endpoint(limit=0.5),
        toy.endpoint(limit=None),
        toy.endpoint("toy.absent"),
        toy.endpoint("toy.youden_j", 0.99),
    )
    drafts = conclude("toy", [accuracy, toy.youden_j, toy.errors], rows, policy, 1)
    lonely = conclude("lone", [replace(toy.accuracy, metric="lone.accuracy"), replace(toy.youden_j, metric="lone.j")],
                      toy.rows([1.0, 0.0], 2, probe="lone")[:1], policy, 1)  # fmt: skip
    return document(decide([*drafts, *lonely], policy))


def test_schema_is_valid_and_covers_every_field() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    names = {field.name for field in fields(Finding)} | {"id"}
    assert set(SCHEMA["$defs"]["finding"]["properties"]) == names
    assert set(SCHEMA["$defs"]["finding"]["required"]) == names


def test_real_findings_are_valid(real: Any) -> None:
    jsonschema.validate(real, SCHEMA)
    assert {f["verdict"] for f in real["findings"]} == {"pass", "fail", "not_assessed", "info"}
    assert {f["comparison"] for f in real["findings"]} == {"absolute", "vs_base", "vs_control"}
    assert len({f["id"] for f in real["findings"]}) == len(real["findings"])
    assert any(f["estimate"] is None and f["n_items"] for f in real["findings"])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("verdict", "maybe"),
        ("p", 1.5),
        ("n_items", -1),
        ("id", "x"),
        ("extra", 1),
        ("tags", {"a": 1}),
        ("ci_level", 95),
    ],
)
def test_what_is_no_finding_is_refused(real: Any, key: str, value: Any) -> None:
    bad = {**real, "findings": [{**real["findings"][0], key: value}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bad, SCHEMA)


def test_a_missing_field_is_refused(real: Any) -> None:
    first = {key: value for key, value in real["findings"][0].items() if key != "mde"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**real, "findings": [first]}, SCHEMA)
