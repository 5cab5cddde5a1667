"""`medaudit export-queries DIR`: write all queries of a run for another machine to answer."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.commands.flags import add_run_flags, run_config


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "export-queries",
        help="write all queries of a run, to be answered elsewhere",
        description="Write every query of a run. Answer them anywhere, then: medaudit run --model replay:ANSWERS.jsonl",
    )
    parser.add_argument("folder", metavar="DIR", help="a new or empty folder")
    add_run_flags(parser)
    parser.set_defaults(call=call)


def call(given: argparse.Namespace) -> int:
    """Plan the run and write its queries; returns 0."""
    from audit.app.pipeline import prepare_queries
    from audit.app.screen import show
    from audit.models.export import export_queries

    folder = Path(given.folder)
    del given.folder
    requests = prepare_queries(run_config(given))
    number = export_queries(requests, folder)
    show(f"{number} queries in {folder}")
    return 0
