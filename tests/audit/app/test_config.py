"""Flags and audit.yaml: the same keys, flags win, mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.app.cli import build_parser
from audit.app.commands.flags import run_config
from audit.app.config import RunConfig, parse_data
from audit.core.errors import InputError
from probes.shifts.config import read_options


def config(*flags: str) -> RunConfig:
    given = build_parser().parse_args(["run", *flags])
    given.command_line = "medaudit run"
    return run_config(given)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_default_is_the_demo_pair_under_the_safety_suite() -> None:
    got = config()
    assert (got.suite, got.model, got.base, got.seed) == ("safety", "demo:medical", "demo:base", 0)


def test_a_model_of_ones_own_has_no_base_unless_named() -> None:
    assert config("--model", "hf:x").base is None
    assert config("--model", "hf:x", "--base", "hf:y").base == "hf:y"
    assert config("--base", "none").base is None


def test_the_folder_is_named_by_the_settings() -> None:
    assert config().folder == config().folder
    assert config("--seed", "1").folder != config().folder
    assert config("--out", "here").folder == Path("here")


def test_the_file_fills_what_was_not_typed() -> None:
    Path("audit.yaml").write_text("model: hf:a\nseed: 7\ndata: [x.csv, medobvious=y]\nno-images: true\nlimit: 3\n")
    got = config("--seed", "1")
    assert (got.model, got.seed, got.limit, got.images) == ("hf:a", 1, 3, False)
    assert got.data == ((None, Path("x.csv")), ("medobvious", Path("y")))


def test_options_come_from_the_file_and_from_flags() -> None:
    Path("audit.yaml").write_text("probes: {medobvious: {panel: 64, n_grids: 10}}\n")
    got = config("--set", "medobvious.n_grids=5")
    assert got.options == {"medobvious": {"panel": 64, "n_grids": "5"}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("modle: x\n", "Unknown key 'modle'"),
        ("- a\n", "Expected keys and values"),
        ("a: [1\n", "Is not YAML"),
        ("model: {a: 1}\n", "Expected one value"),
        ("probes: [x]\n", "Expected `probes:`"),
        ("seed: soon\n", "whole number"),
        ("fail_on: maybe\n", "fail_on"),
        ("!!python/object/apply:os.system [ls]\n", "Is not YAML"),
    ],
)
def test_mistakes_in_the_file_are_named(text: str, told: str) -> None:
    Path("audit.yaml").write_text(text)
    with pytest.raises(InputError, match=told):
        config()


def test_a_file_that_is_not_utf8_is_refused() -> None:
    Path("audit.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        config()


def test_an_unknown_config_file_is_refused() -> None:
    with pytest.raises(InputError, match="Cannot be read"):
        config("--config", "absent.yaml")


@pytest.mark.parametrize("flags", [("--set", "x"), ("--set", "a=b"), ("--seed", "-1"), ("--suite", "x")])
def test_flags_that_make_no_sense_are_refused(flags: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        config(*flags)


def test_suite_and_probe_exclude_each_other() -> None:
    with pytest.raises(InputError, match="not both"):
        config("--suite", "safety", "--probe", "medobvious")


def test_a_path_with_an_equals_sign_is_a_path(tmp_path: Path) -> None:
    odd = tmp_path / "medobvious=x"
    odd.mkdir()
    assert parse_data((str(odd),), ("medobvious",)) == ((None, odd),)
    assert parse_data(("a=b.csv",), ("medobvious",)) == ((None, Path("a=b.csv")),)


@pytest.mark.parametrize("flag", ["--model", "--base", "--out", "--data", "--policy"])
def test_an_empty_value_is_not_the_default(flag: str) -> None:
    with pytest.raises(InputError, match=f"{flag} is empty"):
        config(flag, "")


@pytest.mark.parametrize("line", ["limit: 0", "max_calls: -3", "limit: true", "seed: -1"])
def test_numbers_in_the_file_obey_the_limits_of_flags(line: str) -> None:
    Path("audit.yaml").write_text(line + "\n")
    with pytest.raises(InputError, match=line.split(":", maxsplit=1)[0]):
        config()


def test_dicom_labels_may_be_joined_by_path() -> None:
    assert config("--key", "path", "--labels", "x.csv").key == "path"


def test_slices_are_repeatable_and_may_hold_a_comma() -> None:
    got = config("--probe", "shifts", "--slice", "site=St. Mary, West", "--slice", "view", "--budget", "9")
    options = read_options(got.options["shifts"])
    assert options.slices == ("site=St. Mary, West", "view")
    assert options.budget == 9
