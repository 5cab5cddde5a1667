"""`medaudit selftest`: simulated models of known behaviour, put through the audit."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.commands.flags import positive


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "selftest",
        help="audit the audit with simulated models",
        description="Put simulated models of known behaviour through the audit: are planted flaws found, clean models"
        " left alone, models at the threshold not passed, and do intervals hold the truth?",
        epilog="Exit codes: 0 nothing contradicts what the audit promises, 1 something does, 2 usage"
        " (docs/selftest.md).",
    )
    parser.add_argument("--full", action="store_true", help="as many runs as the docs show (about an hour), not a few")
    parser.add_argument(
        "--runs",
        metavar="N",
        type=positive,
        help="audits per flaw (without its power curve), of clean and unsteady models, and at thresholds",
    )
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        help="power, clean, unsteady, threshold, coverage, or a part of the name of a flaw; repeatable",
    )
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="seed of everything random (default 0)")
    parser.add_argument("--processes", metavar="N", type=positive, default=2, help="processes at work (default 2)")
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="write selftest.json and selftest.md there, beside other sections; what was run there is not run again",
    )
    parser.set_defaults(call=call)


def call(given: argparse.Namespace) -> int:
    """Run the self-test and print what it shows; returns the exit code."""
    from dataclasses import replace

    from audit.app.progress import progress_bar
    from audit.app.screen import show
    from audit.app.selftest.report import merged, promises, write
    from audit.app.selftest.run import FULL, QUICK, SelfTest, selftest

    sizes = FULL if given.full else QUICK
    if given.runs:
        sizes = replace(sizes, power=given.runs, curve=0, clean=given.runs, unsteady=given.runs, threshold=given.runs)
    folder = None if given.out is None else Path(given.out).expanduser()
    asked = SelfTest(
        sizes, tuple(given.only or ()), abs(given.seed), given.processes, folder, command=given.command_line
    )
    with progress_bar() as progress:
        made = selftest(asked, progress)
    told = tuple(promises(made))
    show(
        "\n".join(
            f"{promise.standing:<7} {promise.name}: {promise.figure}, promised {promise.promised}" for promise in told
        )
    )
    if folder is not None:
        show(f"Page: {write(folder, merged(folder, made))}")
    return int(any(promise.standing == "broken" for promise in told))
