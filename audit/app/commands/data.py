"""`medaudit data`: phantom images with their manifest and questions, and contact sheets of corruptions."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.commands.flags import positive


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("data", help="make data: phantoms, contact sheets of corruptions")
    kinds = parser.add_subparsers(metavar="KIND", required=True)
    phantoms = kinds.add_parser("phantoms", help="phantom images with a manifest and questions")
    phantoms.add_argument("folder", metavar="OUT", help="a new or empty folder")
    phantoms.add_argument("--n", type=positive, default=500, help="how many images (default 500)")
    phantoms.add_argument("--seed", type=int, default=0)
    phantoms.add_argument("--size", type=positive, default=128, help="side in pixels (default 128)")
    phantoms.add_argument("--kind", metavar="NAME", default="", help="one kind alone, such as 'chest radiograph'")
    phantoms.set_defaults(call=write_phantom_folder)
    corrupt = kinds.add_parser("corrupt", help="a contact sheet of corruptions, one per modality")
    corrupt.add_argument("data", metavar="IMAGE_OR_MANIFEST", nargs=1, help="an image, a manifest or a DICOM folder")
    corrupt.add_argument("folder", metavar="OUT", help="the folder to write MODALITY.png to")
    corrupt.add_argument("--modality", metavar="NAME", help="the modality, where no label says it; or only this one")
    corrupt.add_argument("--corruption", metavar="NAME", action="append", help="only these; repeatable")
    corrupt.add_argument("--seed", type=int, default=0)
    corrupt.set_defaults(call=write_contact_sheets)


def write_phantom_folder(given: argparse.Namespace) -> int:
    """Write the phantoms; returns 0."""
    from audit.app.screen import show
    from audit.data.phantoms import write_phantoms

    folder = Path(given.folder)
    write_phantoms(folder, given.n, given.seed, given.size, given.kind)
    show(f"{given.n} phantoms in {folder}; audit them with: medaudit run --data {folder / 'manifest.csv'}")
    return 0


def write_contact_sheets(given: argparse.Namespace) -> int:
    """Draw the contact sheets; returns 0."""
    from audit.app.corrupting import Wanted, write_sheets
    from audit.app.screen import show

    wanted = Wanted(given.modality, tuple(given.corruption or ()), given.seed)
    for file in write_sheets(Path(given.data[0]).expanduser(), Path(given.folder).expanduser(), wanted):
        show(f"written: {file}")
    return 0
