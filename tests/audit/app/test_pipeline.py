"""A run before its first answer: what is refused at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.app.config import RunConfig
from audit.app.pipeline import prepare
from audit.core.errors import InputError


def test_a_policy_that_requires_an_unknown_probe_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("required_probes: [medobvius]\n")
    with pytest.raises(InputError, match="medobvius") as caught:
        prepare(RunConfig(probes=("medobvious",), model="control:random", base=None, policy=policy))
    assert "policy.yaml" in str(caught.value)
    assert "medobvious" in str(caught.value)


def test_a_policy_may_require_a_probe_of_the_suite_that_is_not_built(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("required_probes: [spurious]\n")
    prepared = prepare(RunConfig(probes=("medobvious",), model="control:random", base=None, policy=policy))
    assert prepared.policy.required_probes == ("spurious",)
