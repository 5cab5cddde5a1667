"""`medaudit report DIR`: render the report of a finished run again."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("report", help="render the report of a finished run again")
    parser.add_argument("folder", metavar="DIR", help="the run folder")
    parser.set_defaults(call=call)


def call(given: argparse.Namespace) -> int:
    """Render; returns 0."""
    from audit.app.report import render_report
    from audit.app.screen import show

    show(f"Report: {render_report(Path(given.folder))}")
    return 0
