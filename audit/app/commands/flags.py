"""Flags that several commands share, and the run that they describe."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.config import FAIL_ON, FailOn, RunConfig, parse_data, parse_settings
from audit.app.configfile import read_config
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
    return _config(merged, options if isinstance(options, dict) else {}, given.command_line)


def _check_filled(merged: dict[str, object]) -> None:
    """A flag that is there but empty (an unset variable in a script) must not mean the default."""
    for name, value in merged.items():
        if value == "" or (isinstance(value, list) and "" in value):
            raise InputError(f"--{name.replace('_', '-')} is empty", remedy="give it a value or leave it out")


def _config(merged: dict[str, object], options: dict[str, dict[str, object]], command: str) -> RunConfig:
    from audit.app.table import PLANNED, PROBES

    def text(name: str) -> str | None:
        value = merged.get(name)
        return None if value is None else str(value)

    def path(name: str) -> Path | None:
        value = text(name)
        return None if value is None else Path(value).expanduser()

    def number(name: str) -> int | None:
        value = merged.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError(f"Expected {name} to be a whole number but got {value!r}")
        if value < 1 and name != "seed":
            raise InputError(f"Expected {name} to be 1 or more but got {value}")
        return value

    def several(name: str) -> tuple[str, ...]:
        value = merged.get(name) or ()
        return tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)

    probes = several("probe")
    if probes and text("suite"):
        raise InputError("Give --suite or --probe, not both")
    model = text("model") or "demo:medical"
    base = text("base") or ("demo:base" if model == "demo:medical" else "none")
    names = tuple({*PROBES.builtin, *PLANNED})
    typed: dict[str, object] = {"slices": list(several("slice")), "budget": text("budget")}
    for key, words in typed.items():
        if words:
            options.setdefault("shifts", {})[key] = words
    if text("suite"):
        load_suite(str(text("suite")))
    return RunConfig(
        suite=None if probes else text("suite") or "safety",
        probes=probes,
        model=model,
        base=None if base == "none" else base,
        judge=text("judge"),
        data=parse_data(several("data"), names),
        labels=path("labels"),
        image_root=path("image_root"),
        key=text("key"),
        pick=text("pick") or "middle",
        window=text("window"),
        out=path("out"),
        cache=path("cache"),
        limit=number("limit"),
        max_calls=number("max_calls"),
        seed=_seed(number("seed")),
        policy=path("policy"),
        images=not merged.get("no_images", False),
        fail_on=_fail_on(text("fail_on") or "fail"),
        system_prompt=path("system_prompt"),
        allow_hosts=several("allow_host"),
        options=options,
        command=command,
    )


def _seed(value: int | None) -> int:
    if value is not None and value < 0:
        raise InputError(f"Expected a seed of 0 or more but got {value}")
    return value or 0


def _fail_on(value: str) -> FailOn:
    for known in FAIL_ON:
        if value == known:
            return known
    raise InputError(f"Expected fail_on to be {', '.join(FAIL_ON)} but got {value!r}")
