"""`medaudit data phantoms OUT`: write phantom images, their manifest and questions."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.commands.flags import positive


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("data", help="make data: phantoms")
    kinds = parser.add_subparsers(metavar="KIND", required=True)
    phantoms = kinds.add_parser("phantoms", help="phantom images with a manifest and questions")
    phantoms.add_argument("folder", metavar="OUT", help="a new or empty folder")
    phantoms.add_argument("--n", type=positive, default=500, help="how many images (default 500)")
    phantoms.add_argument("--seed", type=int, default=0)
    phantoms.add_argument("--size", type=positive, default=128, help="side in pixels (default 128)")
    phantoms.set_defaults(call=call)


def call(given: argparse.Namespace) -> int:
    """Write the phantoms; returns 0."""
    from audit.app.screen import show
    from audit.data.phantoms import write_phantoms

    folder = Path(given.folder)
    write_phantoms(folder, given.n, given.seed, given.size)
    show(f"{given.n} phantoms in {folder}; audit them with: medaudit run --data {folder / 'manifest.csv'}")
    return 0
