"""The lists say what things are for and what a model lets one assess."""

from __future__ import annotations

from audit.app import listing


def test_every_adapter_is_told_by_its_spec_and_what_it_is_for() -> None:
    lines = listing.models(None)
    assert {line.split(":")[0] for line in lines} >= {"hf", "clip", "openai", "python", "replay", "control", "demo"}
    for line in lines:
        name, _, about = line.partition(":")
        assert f"`{name}:" in about, line
        assert "Raises" not in line


def test_a_model_is_told_with_the_probes_that_it_lets_one_assess() -> None:
    first, *rest = listing.models("control:oracle")
    assert first == "control:oracle: choose, generate, likelihood"
    assert any(line.split() == ["medobvious", "assessable"] for line in rest)
    assert rest == listing.probes("control:oracle")
