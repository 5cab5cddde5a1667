"""`medaudit list probes|suites|models`: what there is, and what a model lets one assess."""

from __future__ import annotations

import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("list", help="list probes, suites or model adapters")
    parser.add_argument("what", choices=["probes", "suites", "models"])
    parser.add_argument("--for", dest="spec", metavar="SPEC", help="say what this model lets one assess")
    parser.set_defaults(call=call)


def call(given: argparse.Namespace) -> int:
    """Print the list; returns 0."""
    from audit.app import listing
    from audit.app.screen import show

    lines = {"probes": listing.probes, "suites": listing.suites, "models": listing.models}[given.what](given.spec)
    show("\n".join(lines))
    return 0
