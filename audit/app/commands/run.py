"""`medaudit run`: audit a model and write the run folder."""

from __future__ import annotations

import argparse

from audit.app.commands.flags import add_run_flags, run_config


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "run",
        help="audit a model and write an HTML report",
        description="Audit a model, against its base where one is named. The same command again resumes.",
        epilog="Exit codes: 0 pass, 1 a policy gate failed, 2 usage or input, 3 incomplete.",
    )
    add_run_flags(parser)
    parser.add_argument("--dry-run", action="store_true", help="show what would be asked, and what it could show")
    parser.set_defaults(call=call)


def call(given: argparse.Namespace) -> int:
    """Run, or show the preflight; returns the exit code."""
    config = run_config(given)
    if given.dry_run:
        from audit.app.pipeline import prepare
        from audit.app.preflight import preflight
        from audit.app.screen import show

        show(preflight(prepare(config)))
        return 0
    from audit.app.pipeline import run
    from audit.app.progress import progress_bar
    from audit.app.report import write_report
    from audit.app.screen import show, summary

    with progress_bar() as progress:
        outcome = run(config, progress)
    path = write_report(outcome)
    show(summary(outcome, path))
    return outcome.overall.exit_code
