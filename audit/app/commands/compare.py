"""`medaudit compare`: a model against the model it was made from."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.commands.flags import add_repeats, add_tuning
from audit.app.config import FAIL_ON
from audit.app.repeating import DEFAULT, parse_repeats
from audit.core.errors import InputError
from probes.comparison.metrics import METRICS, Metric


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "compare",
        help="compare a model with its base, from answer files or on data",
        description="Compare a model with the model it was made from, on the same questions: scores, paired "
        "differences, win/tie/loss, equivalence, what was forgotten, and harm in slices.",
        epilog="Answer files are JSON lines with id, answer, target and, for closed questions, options"
        " (docs/comparison.md). Exit codes: 0 done, 1 a policy gate failed, 2 usage or input, 3 answers are missing.",
    )
    what = parser.add_argument_group("what to compare")
    what.add_argument(
        "--model", metavar="SPEC", action="append", help="the model: replay:FILE, or any with --data; repeatable"
    )
    what.add_argument("--base", metavar="SPEC", action="append", help="its base, one for each --model")
    what.add_argument("--name", metavar="NAME", action="append", help="the data set of each pair of files")
    what.add_argument("--pairs", metavar="FILE", help="pairs of files in YAML: a list of {model, base, name, pair}")
    what.add_argument("--data", metavar="PATH", action="append", help="data to ask both models about, as in `run`")
    what.add_argument("--metric", choices=METRICS, action="append", help="a metric (default: all); repeatable")
    how = parser.add_argument_group("how")
    how.add_argument("--out", metavar="DIR", help="the folder for findings.json and report.html")
    how.add_argument("--seed", metavar="N", type=_seed, default=0, help="seed of the resamples (default 0)")
    add_repeats(how)
    add_tuning(how)
    how.add_argument("--dry-run", action="store_true", help="with --data: show what would be asked")
    how.add_argument("--policy", metavar="FILE", help="margins, levels and primary endpoints")
    how.add_argument("--fail-on", choices=FAIL_ON, default="fail", help="what makes the exit code 1")
    how.add_argument("--allow-host", metavar="HOST", action="append", help="a public host that may receive your images")
    parser.set_defaults(call=call)


def call(given: argparse.Namespace) -> int:
    """Compare files, or run both models on data; returns the exit code."""
    if given.data:
        return _on_data(given)
    from audit.app.comparing.config import CompareConfig, cells_of, read_pairs
    from audit.app.comparing.report import write_report
    from audit.app.comparing.run import compare
    from audit.app.comparing.screen import summary
    from audit.app.screen import show

    for flag in ("repeats", "tune_prompts", "shots", "dry_run"):
        if getattr(given, flag):
            problem = "Answers that exist already are compared without asking anything"
            raise InputError(problem, remedy=f"--{flag.replace('_', '-')} goes with --data")
    if given.pairs and (given.model or given.base or given.name):
        raise InputError("Give --pairs or --model and --base, not both")
    pairs = read_pairs(Path(given.pairs).expanduser()) if given.pairs else None
    cells = pairs or cells_of(given.model or (), given.base or (), given.name or ())
    made = compare(
        CompareConfig(
            cells=cells,
            metrics=_metrics(given),
            tagged=len(cells) > 1 or bool(given.name) or pairs is not None,
            out=_path(given.out),
            seed=given.seed,
            policy=_path(given.policy),
            fail_on=given.fail_on,
            command=given.command_line,
        )
    )
    show(summary(made, write_report(made)))
    return made.overall.exit_code


def _on_data(given: argparse.Namespace) -> int:
    """Ask both models about data: the audit of the probe that takes them, whose report holds the comparison."""
    from audit.app.comparing.asked import comparison_lines, run_config
    from audit.app.comparing.config import cells_of
    from audit.app.pipeline import prepare, run
    from audit.app.preflight import preflight
    from audit.app.progress import progress_bar
    from audit.app.report import write_report
    from audit.app.screen import show, summary

    (cell, *more) = cells_of(given.model or (), given.base or (), given.name or ())
    if more or given.pairs or given.name:
        raise InputError("With --data one --model and one --base are compared", remedy="compare the pairs one by one")
    config = run_config(
        cell,
        tuple(given.data),
        metrics=_metrics(given),
        out=_path(given.out),
        seed=given.seed,
        policy=_path(given.policy),
        fail_on=given.fail_on,
        allow_hosts=tuple(given.allow_host or ()),
        repeats=parse_repeats(str(DEFAULT) if given.repeats is None else given.repeats),
        tune_prompts=given.tune_prompts or 0,
        shots=given.shots or 0,
        command=given.command_line,
    )
    if given.dry_run:
        show(preflight(prepare(config)))
        return 0
    with progress_bar() as progress:
        outcome = run(config, progress)
    path = write_report(outcome)
    show("\n".join([*comparison_lines(outcome), summary(outcome, path)]))
    return outcome.overall.exit_code


def _metrics(given: argparse.Namespace) -> tuple[Metric, ...]:
    return tuple(name for name in METRICS if name in (given.metric or METRICS))


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text).expanduser()


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 up but got {text!r}")
    return int(text)
