"""Flags that several commands share, and the run that they describe."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.config import FAIL_ON, FailOn, RunConfig, parse_data, parse_settings
from audit.app.configfile import read_config
from audit.app.given import Given
from audit.app.repeating import DEFAULT, parse_repeats
from audit.app.suites import load_suite
from audit.core.errors import InputError
from audit.data.options import KEYS

PLAIN = {"dry_run", "config", "help", "call", "command_line"}


def positive(text: str) -> int:
    """A whole number from 1 up, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 up but got {text!r}")
    return int(text)


def add_run_flags(parser: argparse.ArgumentParser) -> None:
    """The flags that describe a run. All default to None, so that audit.yaml can fill what was not typed."""
    what = parser.add_argument_group("what to audit")
    what.add_argument("--suite", metavar="NAME", help="safety (default), sanity or privacy")
    what.add_argument("--probe", metavar="NAME", action="append", help="a single probe instead of a suite; repeatable")
    what.add_argument("--model", metavar="SPEC", help="the model, as kind:target (default demo:medical)")
    what.add_argument("--base", metavar="SPEC", help="the model that it was adapted from; `none` for no comparison")
    what.add_argument(
        "--judge", metavar="SPEC", help="a model that reads free-form answers, where a probe asks for one"
    )
    what.add_argument(
        "--data",
        metavar="PATH",
        action="append",
        help="manifest CSV, DICOM folder or benchmark folder (default: phantoms); repeatable; probe=PATH binds it",
    )
    what.add_argument("--labels", metavar="CSV", help="labels for DICOM files, joined by --key")
    what.add_argument("--key", choices=KEYS, help="the join key")
    what.add_argument("--pick", metavar="RULE", help="slices of a DICOM series: middle (default), all or a number")
    what.add_argument("--window", metavar="NAME|W,L", help="a CT window instead of the one in the file")
    what.add_argument("--image-root", metavar="DIR", help="where the images of a file of questions lie")
    what.add_argument("--system-prompt", metavar="FILE", help="the system prompt of the deployed product")
    how = parser.add_argument_group("how")
    how.add_argument("--out", metavar="DIR", help="the run folder (default: a name made from the settings)")
    how.add_argument("--cache", metavar="DIR", help="answers shared between runs")
    how.add_argument("--limit", metavar="N", type=positive, help="at most N items per probe")
    how.add_argument("--max-calls", metavar="N", type=positive, help="sample the items so that all calls stay within N")
    add_repeats(how)
    add_tuning(how)
    how.add_argument("--seed", metavar="N", type=int, help="seed of everything random (default 0)")
    how.add_argument("--policy", metavar="FILE", help="thresholds, margins and primary endpoints")
    how.add_argument(
        "--slice", metavar="COLUMN[=VALUE]", action="append", help="compare slices of the data; repeatable"
    )
    how.add_argument("--budget", metavar="N", type=positive, help="questions asked about corrupted images as well")
    how.add_argument("--set", metavar="PROBE.KEY=VALUE", action="append", help="an option of a probe; repeatable")
    how.add_argument(
        "--config", metavar="FILE", help="flags and options in a file (default audit.yaml, where it exists)"
    )
    how.add_argument("--allow-host", metavar="HOST", action="append", help="a public host that may receive your images")
    how.add_argument("--no-images", action="store_true", default=None, help="keep pictures out of the report")
    how.add_argument("--fail-on", choices=FAIL_ON, help="what makes the exit code 1")


def add_repeats(group: argparse._ArgumentGroup) -> None:
    """The flag that says how much is asked twice."""
    group.add_argument(
        "--repeats",
        metavar="N|SHARE",
        help=f"clean questions per probe asked twice, to tell findings from noise (default {DEFAULT}; 0 for none)",
    )


def add_tuning(group: argparse._ArgumentGroup) -> None:
    """The flag that says how many prompts are tried."""
    group.add_argument(
        "--tune-prompts",
        metavar="N",
        type=positive,
        help="try N prompt formats, choose one for each model on a fifth of the patients, test on the rest",
    )
    group.add_argument(
        "--shots",
        metavar="K",
        type=positive,
        help="with --tune-prompts: try each format after K examples, too, from the patients that choose",
    )


def run_config(given: argparse.Namespace) -> RunConfig:
    """The run that flags and configuration file describe together; flags win. Raises `InputError`."""
    known = frozenset(vars(given)) - PLAIN - {"set"}
    file = None if given.config is None else Path(given.config)
    settings = read_config(file, known)
    options = settings.pop("probes", {})
    merged = {**settings, **{k: v for k, v in vars(given).items() if k in known and v is not None}}
    _check_filled(merged)
    for probe, values in parse_settings(tuple(given.set or ())).items():
        assert isinstance(options, dict)
        options[probe] = {**options.get(probe, {}), **values}
    return _config(Given(merged), options if isinstance(options, dict) else {}, given.command_line)


def _check_filled(merged: dict[str, object]) -> None:
    """A flag that is there but empty (an unset variable in a script) must not mean the default."""
    for name, value in merged.items():
        if value == "" or (isinstance(value, list) and "" in value):
            raise InputError(f"--{name.replace('_', '-')} is empty", remedy="give it a value or leave it out")


def _config(given: Given, options: dict[str, dict[str, object]], command: str) -> RunConfig:
    from audit.app.table import PLANNED, PROBES

    probes, suite = given.several("probe"), given.text("suite")
    if probes and suite:
        raise InputError("Give --suite or --probe, not both")
    if suite:
        load_suite(suite)
    model = given.text("model") or "demo:medical"
    base = given.text("base") or ("demo:base" if model == "demo:medical" else "none")
    return RunConfig(
        suite=None if probes else suite or "safety",
        probes=probes,
        model=model,
        base=None if base == "none" else base,
        judge=given.text("judge"),
        data=parse_data(given.several("data"), tuple({*PROBES.builtin, *PLANNED})),
        labels=given.path("labels"),
        image_root=given.path("image_root"),
        key=given.text("key"),
        pick=given.text("pick") or "middle",
        window=given.text("window"),
        out=given.path("out"),
        cache=given.path("cache"),
        limit=given.number("limit"),
        max_calls=given.number("max_calls"),
        repeats=parse_repeats(given.text("repeats") or str(DEFAULT)),
        tune_prompts=given.number("tune_prompts") or 0,
        shots=given.number("shots") or 0,
        seed=given.number("seed", least=0) or 0,
        policy=given.path("policy"),
        images=not given.values.get("no_images", False),
        fail_on=_fail_on(given.text("fail_on") or "fail"),
        system_prompt=given.path("system_prompt"),
        allow_hosts=given.several("allow_host"),
        options=_with_shorthands(options, given),
        command=command,
    )


def _with_shorthands(options: dict[str, dict[str, object]], given: Given) -> dict[str, dict[str, object]]:
    """The options with those that have a flag of their own."""
    short: dict[str, object] = {"slices": list(given.several("slice")), "budget": given.text("budget")}
    typed = {key: words for key, words in short.items() if words}
    return {**options, "shifts": {**options.get("shifts", {}), **typed}} if typed else options


def _fail_on(value: str) -> FailOn:
    for known in FAIL_ON:
        if value == known:
            return known
    raise InputError(f"Expected fail_on to be {', '.join(FAIL_ON)} but got {value!r}")
